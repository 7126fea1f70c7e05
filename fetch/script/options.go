package script

import (
	"math"
	"net/url"
	"time"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/lib"
	"golang.org/x/time/rate"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// options are what a call was told, with k6's options where it was not.
type options struct {
	*settings

	concurrency int
	perHost     int
	deadline    time.Duration
	rate        float64
	retries     int
	connections connections
	onResult    sobek.Callable
	rounds      int
	warmup      bool
	baseURL     *url.URL
	// runBudget is that of the run itself; that of its targets is a setting.
	runBudget budget.Checks
}

// connections tells whose connections a run uses.
type connections uint8

const (
	connectionsVU     connections = iota // the VU's own
	connectionsShared                    // one pool for all VUs of the instance
	connectionsNew                       // cold ones, for this run alone
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

// reader reads the options of one call.
type optionReader struct {
	// compare and client tell which further options there are.
	compare, client bool
}

// defaultOptions are k6's.
func defaultOptions(state *lib.State) *options {
	return &options{
		settings:    defaultSettings(state),
		concurrency: int(state.Options.Batch.Int64),
		perHost:     int(state.Options.BatchPerHost.Int64),
		rounds:      1,
		warmup:      true,
	}
}

// read reads an options object over what is there already.
func (r optionReader) read(o *options, f field) error {
	if !f.given() {
		return nil
	}
	fields, keys, err := f.object("an object of options")
	if err != nil {
		return err
	}
	for i, key := range keys {
		if !fields[i].given() {
			continue
		}
		known, err := r.set(o, key, fields[i])
		if err != nil {
			return err
		}
		if !known {
			return unknown(fields[i], "an option", r.names()...)
		}
	}
	return nil
}

func (r optionReader) names() [][]string {
	names := [][]string{settingNames, runOptionNames}
	if r.compare || r.client {
		names = append(names, compareOptionNames)
	}
	if r.client {
		names = append(names, clientOptionNames)
	}
	return names
}

// set reads one option. It returns false if there is none of that name.
func (r optionReader) set(o *options, key string, f field) (known bool, err error) {
	switch {
	case key == "budget":
		err = o.setBudget(f)
	case key == "concurrency":
		o.concurrency, err = f.integer(1)
	case key == "perHost":
		o.perHost, err = f.integer(0)
	case key == "deadline":
		o.deadline, err = f.duration()
	case key == "rate":
		o.rate, err = f.rate()
	case key == "retries":
		o.retries, err = f.integer(0)
	case key == "connections":
		var which int
		which, err = f.oneOf("vu", "shared", "new")
		o.connections = []connections{connectionsVU, connectionsShared, connectionsNew}[which]
	case key == "onResult":
		var ok bool
		if o.onResult, ok = sobek.AssertFunction(f.value); !ok {
			err = f.wrong("a function")
		}
	case key == "rounds" && (r.compare || r.client):
		o.rounds, err = f.integer(1)
	case key == "warmup" && (r.compare || r.client):
		o.warmup, err = f.boolean()
	case key == "baseURL" && r.client:
		o.baseURL, err = f.readBaseURL()
	default:
		return o.settings.set(key, f) //nolint:staticcheck // the options have no set of their own, and read like it
	}
	return true, err
}

func (f field) rate() (float64, error) {
	n, ok := f.number()
	if !ok || n <= 0 || n > math.MaxInt32 {
		return 0, f.wrong("a number of starts per second above 0")
	}
	return n, nil
}

// engine returns the options for the engine.
func (o *options) engine(state *lib.State, spec *fetch.Spec) fetch.Options {
	opts := fetch.Options{
		Concurrency: o.concurrency,
		PerHost:     o.perHost,
		Deadline:    o.deadline,
		Retries:     o.retries,
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
