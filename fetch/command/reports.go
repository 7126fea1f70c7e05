package command

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"go.k6.io/k6/v2/lib/fsext"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// readBaseline reads the earlier report, before anything is sent.
func (p *plan) readBaseline() (err error) {
	if p.baseline == "" {
		return nil
	}
	p.about.Baseline, err = p.readReport(p.baseline)
	return err
}

// readReport reads a report of the format json or baseline.
func (p *plan) readReport(name string) (*baseline.Report, error) {
	data, err := p.read(name)
	if err != nil {
		shown, inPath := urltext.Mask(name), (*fs.PathError)(nil)
		if shown != name && errors.As(err, &inPath) {
			err = inPath.Err // without the path, which has the user info as well
		}
		return nil, usagef("%s: %w", shown, err)
	}
	read, err := baseline.Read(data)
	if err != nil {
		return nil, usagef("%s is no report of the format json or baseline: %w", name, err)
	}
	return read, nil
}

// writeReports writes all reports, also if one of them cannot be written.
func (s *session) writeReports(about *report.Subject) error {
	var failures []error
	for _, r := range s.reports {
		opts := s.about
		if r.path == "" && r.format == "text" {
			opts = s.textOptions()
		}
		text, err := report.Write(r.format, about, opts)
		if err == nil && r.path == "" {
			s.view.Print(text)
		} else if err == nil {
			err = s.write(r.path, text)
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("the report %s: %w", r.format, err))
		}
	}
	return errors.Join(failures...)
}

// write writes a file: at once, so that nobody finds half of it.
func (p *plan) write(name, text string) error {
	const mode = 0o644
	where, err := p.path(name)
	if err != nil {
		return err
	}
	if p.isSpecial(where) {
		return fsext.WriteFile(p.gs.FS, where, []byte(text), mode)
	}
	partial := filepath.Join(filepath.Dir(where), "."+filepath.Base(where)+".partial")
	if err := fsext.WriteFile(p.gs.FS, partial, []byte(text), mode); err != nil {
		return err
	}
	return p.gs.FS.Rename(partial, where)
}

// isSpecial reports whether a path is that of a device, a pipe or a link, which must not be replaced: /dev/stdout is a
// link to whatever it is.
func (p *plan) isSpecial(path string) bool {
	stat := p.gs.FS.Stat
	if links, ok := p.gs.FS.(interface {
		LstatIfPossible(name string) (info fs.FileInfo, isLstat bool, err error)
	}); ok {
		stat = func(name string) (fs.FileInfo, error) {
			info, _, err := links.LstatIfPossible(name)
			return info, err
		}
	}
	info, err := stat(path)
	return err == nil && !info.Mode().IsRegular()
}
