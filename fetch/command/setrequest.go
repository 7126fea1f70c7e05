package command

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"go.k6.io/k6/v2/lib/fsext"
	"golang.org/x/net/http/httpguts"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

func setMethod(p *plan, f *flag, text string) error {
	if !httpguts.ValidHeaderFieldName(text) { // both are tokens
		return usagef("%s must be an HTTP method; got %q", f.path(), text)
	}
	p.method = strings.ToUpper(text)
	return nil
}

// setData reads a body, or adds to it. It is a text, the content of a @file, or what comes from standard input: @-.
func setData(p *plan, f *flag, text string) error {
	data := []byte(text)
	if name, isFile := strings.CutPrefix(text, "@"); isFile {
		if name == standardInput {
			if err := p.takeStandardInput(f.path() + " " + text); err != nil {
				return err
			}
		}
		var err error
		if data, err = p.read(name); err != nil {
			return usagef("%s: %w", f.path(), err)
		}
	}
	if p.hasBody {
		p.body = append(p.body, '&')
	}
	p.hasBody = true
	p.body = append(p.body, data...)
	return nil
}

// read reads a file, or standard input for -.
func (p *plan) read(name string) ([]byte, error) {
	if name == standardInput {
		return io.ReadAll(p.gs.Stdin)
	}
	path, err := p.path(name)
	if err != nil {
		return nil, err
	}
	return fsext.ReadFile(p.gs.FS, path)
}

// path is where a file is.
func (p *plan) path(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	folder, err := p.gs.Getwd()
	return filepath.Join(folder, name), err
}

// setBody completes a request that has a body: by default it is a form that is posted, as curl does.
func (p *plan) setBody() {
	if !p.hasBody {
		return
	}
	if p.method == "" {
		p.method = http.MethodPost
	}
	p.addHeader("data", "Content-Type", "application/x-www-form-urlencoded")
}

// addHeader adds a header that follows from a flag, unless --header says otherwise.
func (p *plan) addHeader(flagName, name, value string) {
	headers := p.get("headers")
	if slices.ContainsFunc(headers, func(h literal.Member) bool { return strings.EqualFold(h.Name, name) }) {
		return
	}
	_ = p.set(&flag{name: flagName}, "headers", headers.With(name, value)) // it cannot fail
}

func setUser(p *plan, f *flag, text string) error {
	name, password, ok := strings.Cut(text, ":")
	if !ok || name == "" {
		return usagef("%s must be a name, a colon and a password", f.path())
	}
	p.user = url.UserPassword(name, password)
	return nil
}

// setCredentials makes a header of credentials that are sent without being asked for. Others are put into the URLs,
// where digest and NTLM look for them.
func (p *plan) setCredentials() {
	if p.user == nil || p.auth == "digest" || p.auth == "ntlm" {
		return
	}
	password, _ := p.user.Password()
	header := "Basic " + base64.StdEncoding.EncodeToString([]byte(p.user.Username()+":"+password))
	p.addHeader("user", "Authorization", header)
	p.user = nil
}

func setReport(p *plan, f *flag, text string) error {
	format, path, _ := strings.Cut(text, "=")
	formats := report.Formats()
	if !slices.Contains(formats, format) {
		return usagef("%s must be one of %s, and = with a file; got %q", f.path(), strings.Join(formats, ", "), text)
	}
	if path == "-" {
		path = ""
	}
	if path != "" {
		where, err := p.path(path)
		if err != nil {
			return usagef("%s: %w", f.path(), err)
		}
		if ok, err := fsext.IsDir(p.gs.FS, filepath.Dir(where)); err != nil || !ok {
			return usagef("%s: there is no folder for %s", f.path(), urltext.Mask(path))
		}
		if isDir, err := fsext.IsDir(p.gs.FS, where); err == nil && isDir {
			return usagef("%s: %s is a folder", f.path(), path)
		}
	}
	p.reports = append(p.reports, reportFile{format, path})
	return nil
}
