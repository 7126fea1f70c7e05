package command

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"go.k6.io/k6/v2/cmd/state"
	"go.k6.io/k6/v2/lib"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// plan is what a command line asks for. It has many fields: one for each thing that flags say.
type plan struct {
	gs   *state.GlobalState
	mode work.Mode
	// version is k6's, for its user agent.
	version string

	urls []string
	// ways are those of --compare, as a script has them; nil for one at a time and together.
	ways    literal.List
	sources []source
	csv     literal.Object // options of csv(), for all CSV files
	skip    bool
	// reader is the flag that reads standard input, empty if none does.
	reader string

	options []option       // of the run, as a script has them
	k6      literal.Object // options of k6, as a script exports them
	method  string
	body    []byte
	hasBody bool
	user    *url.Userinfo
	auth    string

	reports []reportFile
	about   report.Options
	// baseline is the file of the earlier report.
	baseline     string
	json, script bool
}

// option is an option of the run, and the flag that says so.
type option struct {
	path, name string
	value      literal.Value
}

// source is a list of targets.
type source struct{ kind, path string }

// reportFile is a report that is to be written; path is empty for standard output.
type reportFile struct{ format, path string }

// newPlan reads a command line.
func newPlan(gs *state.GlobalState, version string, urls []string, flags *givenFlags) (*plan, error) {
	p := &plan{
		gs: gs, mode: work.Concurrent, version: version, urls: urls,
		about: report.Options{Against: baseline.Defaults()},
	}
	if err := p.readFlags(flags); err != nil {
		return nil, err
	}
	return p, usage(p.finish())
}

// readFlags reads the flags one by one.
func (p *plan) readFlags(flags *givenFlags) error {
	for _, g := range flags.all {
		if g.value == "" && g.text != "true" {
			if on, err := strconv.ParseBool(g.text); err != nil {
				return usagef("%s must be true or false; got %q", g.path(), g.text)
			} else if !on {
				continue
			}
		}
		if err := g.set(p, g.flag, g.text); err != nil {
			return usage(err)
		}
	}
	return nil
}

// finish checks what is about several flags, and completes what follows from them.
func (p *plan) finish() error {
	p.takeWays()
	if err := p.checkInputs(); err != nil {
		return err
	}
	if err := p.checkModes(); err != nil {
		return err
	}
	if p.json && p.reportsToOutput() {
		return errors.New("--json and --report without a file both write to standard output: give the report a file")
	}
	p.setBody()
	p.setCredentials()
	return p.readBaseline()
}

// set sets an option of the run.
func (p *plan) set(f *flag, name string, v literal.Value) error {
	p.options = slices.DeleteFunc(p.options, func(o option) bool { return o.name == name })
	p.options = append(p.options, option{f.path(), name, v})
	return nil
}

// value returns an option, nil if it was not given.
func (p *plan) value(name string) literal.Value {
	for _, o := range p.options {
		if o.name == name {
			return o.value
		}
	}
	return nil
}

// get returns an option that is an object, to be added to.
func (p *plan) get(name string) literal.Object {
	object, _ := p.value(name).(literal.Object)
	return object
}

// setK6 sets an option of k6. k6 says whether it is valid.
func (p *plan) setK6(f *flag, name string, v literal.Value) error {
	if _, err := k6Options(literal.Object{{Name: name, Value: v}}); err != nil {
		return usagef("%s: %w", f.path(), err)
	}
	p.k6 = p.k6.With(name, v)
	return nil
}

// k6Options makes k6's options of what a script would export.
func k6Options(exported literal.Object) (opts lib.Options, err error) {
	data, err := json.Marshal(exported)
	if err == nil {
		err = json.Unmarshal(data, &opts)
	}
	return opts, err
}
