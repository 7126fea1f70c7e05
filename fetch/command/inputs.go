package command

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// standardInput is the path that stands for it.
const standardInput = "-"

func setInput(kind string) func(*plan, *flag, string) error {
	return func(p *plan, f *flag, text string) error {
		if text == "" {
			return usagef("%s must be the path of a file", f.path())
		}
		if text == standardInput && kind != "lines" {
			return usagef("%s must be a file: standard input is read once, by --input", f.path())
		}
		p.sources = append(p.sources, source{kind, text})
		if text == standardInput {
			return p.takeStandardInput(f.path() + " " + text)
		}
		return nil
	}
}

// takeStandardInput notes what reads standard input. Nothing else can: it would find nothing.
func (p *plan) takeStandardInput(reader string) error {
	switch p.reader {
	case "":
		p.reader = reader
		return nil
	case reader:
		return usagef("standard input can be read only once: %s was given several times", reader)
	default:
		return usagef("standard input can be read only once, and both %s and %s read it", p.reader, reader)
	}
}

func setCSVColumn(p *plan, f *flag, text string) error {
	what, column, ok := strings.Cut(text, "=")
	header, isHeader := strings.CutPrefix(what, "header.")
	known := isHeader && header != "" || slices.Contains([]string{"url", "method", "name", "body"}, what)
	if !ok || column == "" || !known {
		return usagef("%s must be url, method, name, body or header.NAME, and = with a column; got %q", f.path(), text)
	}
	if !isHeader {
		p.csv = p.csv.With(what, literal.Number(column))
		return nil
	}
	headers, _ := p.csv.Get("headers").(literal.Object)
	p.csv = p.csv.With("headers", headers.With(header, literal.Number(column)))
	return nil
}

func setCSV(name string) func(*plan, *flag, string) error {
	return func(p *plan, _ *flag, text string) error {
		p.csv = p.csv.With(name, text)
		return nil
	}
}

// checkInputs checks that there is something to fetch, once.
func (p *plan) checkInputs() error {
	if len(p.urls)+len(p.sources) == 0 {
		return errors.New("there is nothing to fetch: give URLs, or a list with --input, --sitemap, --har or --csv")
	}
	hasBase := slices.ContainsFunc(p.options, func(o option) bool { return o.name == "baseURL" })
	for _, u := range p.urls {
		if wrong := lists.CheckURL(u); wrong != "" && !hasBase {
			return fmt.Errorf("%q: %s", masked(u), wrong)
		}
	}
	switch stream := p.firstStream(); {
	case stream != "" && p.mode == work.Compare:
		return fmt.Errorf("--compare fetches its URLs several times, and %s can be read only once: give --input a file",
			stream)
	case stream != "" && p.script:
		return fmt.Errorf("a script cannot read %s: give --input a file", stream)
	case p.csv != nil && !slices.ContainsFunc(p.sources, func(s source) bool { return s.kind == "csv" }):
		return errors.New("--csv-column, --csv-delimiter and --csv-comment are for --csv")
	}
	return nil
}

// firstStream is what an error calls the first list that can be read only once, empty if there is none.
func (p *plan) firstStream() string {
	for _, s := range p.sources {
		switch {
		case s.path == standardInput:
			return "standard input"
		case p.isStream(s):
			return s.path
		}
	}
	return ""
}

// masked is an invalid URL without its user info. It may lack the scheme that user info follows.
func masked(raw string) string {
	if at := strings.LastIndexByte(raw, '@'); at >= 0 && !strings.Contains(raw[:at], "//") {
		return "****" + raw[at:]
	}
	return urltext.Mask(raw)
}

func (p *plan) onError() lists.OnError {
	if p.skip {
		return lists.Skip
	}
	return lists.Fail
}

// target is one of the URLs of the command line, as a script has it.
func (p *plan) target(u string, body literal.Value) literal.Value {
	switch {
	case p.method == "":
		return u
	case body == nil:
		return literal.List{p.method, u}
	default:
		return literal.List{p.method, u, body}
	}
}

// targets are those of the command line, as values of a runtime.
func (p *plan) targets(rt *sobek.Runtime) sobek.Value {
	all := make([]any, len(p.urls))
	for i, u := range p.urls {
		all[i] = literal.Of(rt, p.target(u, nil))
		if array, ok := all[i].(*sobek.Object); ok && p.hasBody {
			args.Define(rt, array, "2", rt.ToValue(rt.NewArrayBuffer(slices.Clone(p.body))))
		}
	}
	return rt.NewArray(all...)
}

// open opens a list in a file.
func (p *plan) open(s source) (*lists.List, error) {
	f, err := p.file(s.path)
	if err != nil {
		return nil, err
	}
	switch s.kind {
	case "har":
		return lists.HAR(f, p.onError())
	case "sitemap":
		return lists.Sitemap(f, p.beside(s.path), p.onError())
	case "csv":
		columns, err := p.columns()
		if err != nil {
			return nil, err
		}
		return lists.CSV(f, columns, p.onError())
	default:
		return lists.Lines(f, p.onError())
	}
}

// columns are those of CSV files, read as those of a script are.
func (p *plan) columns() (*lists.Columns, error) {
	rt := sobek.New()
	reader := args.ColumnReader{Columns: &lists.Columns{URL: "url", Comma: ','}}
	for _, m := range p.csv {
		path := "--csv-" + m.Name
		if m.Name != "delimiter" && m.Name != "comment" {
			path = "--csv-column " + m.Name
		}
		if err := reader.Set(m.Name, args.Field{Path: path, Value: literal.Of(rt, m.Value), Runtime: rt}); err != nil {
			return nil, err
		}
	}
	return reader.Columns, reader.Finish("--csv-column")
}

// file is a file that can be read from any place.
func (p *plan) file(name string) (lists.File, error) {
	where, err := p.path(name)
	if err != nil {
		return lists.File{}, err
	}
	info, err := p.gs.FS.Stat(where)
	switch {
	case err != nil:
		return lists.File{}, fmt.Errorf("%s: there is no such file", urltext.Mask(name)) // which may be a URL
	case info.IsDir():
		return lists.File{}, fmt.Errorf("%s: it is a directory", name)
	case !info.Mode().IsRegular():
		return lists.File{}, fmt.Errorf("%s: it is no regular file; use --input - for a pipe", name)
	}
	return lists.File{Name: name, Open: func() (io.ReadSeekCloser, error) { return p.gs.FS.Open(where) }}, nil
}

// beside returns the function that finds the files that a sitemap index in a file leads to: they are beside it.
func (p *plan) beside(index string) func(loc string) (lists.File, error) {
	return func(loc string) (lists.File, error) {
		u, err := url.Parse(loc)
		if err != nil {
			return lists.File{}, errors.New("a URL cannot be parsed")
		}
		f, err := p.file(filepath.Join(filepath.Dir(index), path.Base(u.Path)))
		if err != nil {
			return f, fmt.Errorf("of the sitemaps that it leads to, %w", err)
		}
		return f, nil
	}
}

// isStream reports whether a list can be read only once.
func (p *plan) isStream(s source) bool {
	if s.kind != "lines" {
		return false
	}
	if s.path == standardInput {
		return true
	}
	where, err := p.path(s.path)
	if err != nil {
		return false
	}
	info, err := p.gs.FS.Stat(where)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

// stream opens what can be read only once.
func (p *plan) stream(name string) (io.Reader, error) {
	if name == standardInput {
		return p.gs.Stdin, nil
	}
	where, err := p.path(name)
	if err != nil {
		return nil, err
	}
	return p.gs.FS.Open(where)
}
