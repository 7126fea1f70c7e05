package args

import (
	"math"
	"net/url"
	"slices"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
	"golang.org/x/time/rate"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Options are what a call was told, with k6's options where it was not.
type Options struct {
	*settings

	Concurrency int
	PerHost     int
	deadline    time.Duration
	rate        float64
	Retries     int
	Connections Connections
	OnResult    sobek.Callable
	Rounds      int
	Warmup      bool
	BaseURL     *url.URL
	// runBudget is that of the run itself; that of its targets is a setting.
	RunBudget budget.Checks
	// Page are the options of page(). perHostGiven and concurrencyGiven say that somebody chose those: else pages have
	// defaults of their own.
	Page                           PageOptions
	perHostGiven, concurrencyGiven bool
}

// Connections are those that a run uses.
type Connections uint8

// Whose connections a run uses.
const (
	connectionsVU     Connections = iota // the VU's own
	ConnectionsShared                    // one pool for all VUs of the instance
	ConnectionsNew                       // cold ones, for this run alone
)

// runOptionNames are the keys of options that params do not have.
//
//nolint:gochecknoglobals // constant lists
var (
	runOptionNames = []string{
		"concurrency", "connections", "deadline", "onResult", "perHost", "rate", "retries",
	}
	compareOptionNames = []string{"rounds", "warmup"}
	clientOptionNames  = []string{"baseURL"}
)

// OptionReader reads the options of one call.
type OptionReader struct {
	// Compare, Client, Way and Page say of what they are, which decides which ones exist.
	Compare, Client, Way, Page bool
}

// DefaultOptions are k6's.
func DefaultOptions(state *lib.State) *Options {
	return &Options{
		settings:    defaultSettings(state),
		Concurrency: int(state.Options.Batch.Int64),
		PerHost:     int(state.Options.BatchPerHost.Int64),
		Rounds:      1,
		Warmup:      true,
		Page:        defaultPageOptions(),
	}
}

// Read reads an options object over what is there already.
func (r OptionReader) Read(o *Options, f Field) error {
	if !f.Given() {
		return nil
	}
	return o.each(f, "an object of options", func(key string, option Field) error {
		return r.Option(o, key, option)
	})
}

// Option reads one option over what is there already.
func (r OptionReader) Option(o *Options, key string, f Field) error {
	known, err := r.set(o, key, f)
	switch {
	case err != nil || known:
		return err
	case r.Compare && f.isPlainObject():
		return Misusef("%s is not an option; ways are an array of objects with names, before the options", f.Path)
	default:
		return Unknown(f, "an option", r.names()...)
	}
}

// isPlainObject reports whether a value is an object of fields.
func (f Field) isPlainObject() bool {
	o, ok := f.Value.(*sobek.Object)
	return ok && !IsArray(o) && IsPlain(o)
}

// Names are all options that it reads.
func (r OptionReader) Names() []string { return slices.Concat(r.names()...) }

func (r OptionReader) names() [][]string {
	names := [][]string{settingNames, runOptionNames}
	if r.Way { // which has no onResult: results are handed to that of the call
		names[1] = slices.DeleteFunc(slices.Clone(runOptionNames), func(name string) bool { return name == "onResult" })
	}
	if r.Compare || r.Client {
		names = append(names, compareOptionNames)
	}
	if r.Client || r.Way {
		names = append(names, clientOptionNames)
	}
	if r.Page || r.Client {
		names = append(names, pageOptionNames)
	}
	return names
}

// set reads one option. It returns false if there is none of that name.
func (r OptionReader) set(o *Options, key string, f Field) (known bool, err error) {
	switch {
	case key == "budget":
		err = o.setBudget(f, r.Page || r.Client)
	case key == "concurrency":
		o.Concurrency, err = f.Integer(1)
		o.concurrencyGiven = true
	case key == "perHost":
		o.PerHost, err = f.Integer(0)
		o.perHostGiven = true
	case key == "deadline":
		o.deadline, err = f.duration()
	case key == "rate":
		o.rate, err = f.rate()
	case key == "retries":
		o.Retries, err = f.Integer(0)
	case key == "connections":
		var which int
		which, err = f.OneOf("vu", "shared", "new")
		o.Connections = []Connections{connectionsVU, ConnectionsShared, ConnectionsNew}[which]
	case key == "onResult" && !r.Way:
		var ok bool
		if o.OnResult, ok = sobek.AssertFunction(f.Value); !ok {
			err = f.Wrong("a function")
		}
	case key == "rounds" && (r.Compare || r.Client):
		o.Rounds, err = f.Integer(1)
	case key == "warmup" && (r.Compare || r.Client):
		o.Warmup, err = f.Boolean()
	case key == "baseURL" && (r.Client || r.Way):
		o.BaseURL, err = f.ReadBaseURL()
	default:
		if r.Page || r.Client {
			if known, err = o.setPage(key, f); known {
				return known, err
			}
		}
		return o.settings.set(key, f) //nolint:staticcheck // the options have no set of their own, and read like it
	}
	return true, err
}

// Bounded checks what follows from k6's options where nothing else was given. Errors call the concurrency path.
func (o *Options) Bounded(path string) error {
	if o.Concurrency < 1 {
		return Misusef("%s must be an integer of at least 1; it is not given, and k6's option batch is %d",
			path, o.Concurrency)
	}
	o.PerHost = max(o.PerHost, 0)
	return nil
}

func (f Field) rate() (float64, error) {
	n, ok := f.Number()
	if !ok || n <= 0 || n > math.MaxInt32 {
		return 0, f.Wrong("a number of starts per second above 0")
	}
	return n, nil
}

// Engine returns the options for the engine.
func (o *Options) Engine(state *lib.State, spec *fetch.Spec) fetch.Options {
	opts := fetch.Options{
		Concurrency: o.Concurrency,
		PerHost:     o.PerHost,
		Deadline:    o.deadline,
		Retries:     o.Retries,
		Spec:        spec,
	}
	if o.rate > 0 {
		opts.Limits = append(opts.Limits, rate.NewLimiter(rate.Limit(o.rate), 1))
	}
	if state.RPSLimit != nil {
		opts.Limits = append(opts.Limits, state.RPSLimit)
	}
	return opts
}

// Reader returns what reads the targets of the call.
func (o *Options) Reader(state *lib.State) *TargetReader {
	return &TargetReader{Base: o.settings, State: state, BaseURL: o.BaseURL, Plain: o.Build()}
}

// KeepBodies has bodies kept of up to so many bytes, and no failure be an error.
func (o *Options) KeepBodies(most int64) {
	o.ResponseType, o.MaxBodySize, o.sized = transport.ResponseBinary, most, true
	o.Throw = fetch.ThrowNever
}
