package command

import (
	"context"
	"errors"
	"sync"

	"github.com/grafana/sobek"
	"github.com/sirupsen/logrus"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/command/view"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
	"github.com/xk6-fetch/xk6-fetch/fetch/progress"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// session does what a plan says. It has many fields: all that a job of a script is made of, and what the command shows.
type session struct {
	*plan

	state     *lib.State
	options   *args.Options
	targets   work.Targets
	client    *fetch.Client
	network   k6net.Network
	metrics   *k6metrics.Metrics
	cache     k6metrics.TagCache
	collector *aggregate.Collector
	panics    work.PanicLog
	view      *view.View
	board     progress.Board
	feeds     []*feed
	ways      []way
	skipped   int
	drain     chan struct{}
	// closeView ends the view. It can be called several times.
	closeView func() error
}

// way is a way of a comparison, with its targets.
type way struct {
	args.Way

	targets work.Targets
}

// run fetches, and returns the error that the command exits with.
func (p *plan) run() (err error) {
	ctx, cancel := context.WithCancelCause(p.gs.Ctx)
	defer cancel(nil)
	s := &session{plan: p, drain: make(chan struct{}), collector: aggregate.New(aggregate.DefaultLimits())}
	s.board.Glance = s.collector.Glance
	s.view = view.New(s.viewConfig(cancel))
	s.closeView = sync.OnceValue(s.view.Close)
	defer func() { err = errors.Join(err, s.closeView()) }()
	if err := s.prepare(s.logAside()); err != nil {
		return err
	}
	defer s.client.Shutdown()
	signals := s.trap()
	defer signals.release()
	err = s.readTargets(ctx)
	if err == nil {
		outcome := s.fetch(ctx)
		if err = errors.Join(outcome.Err, context.Cause(ctx)); err == nil {
			err = s.conclude(outcome, signals.came())
		}
	}
	if signals.came() {
		return interrupted(err)
	}
	return err
}

// fetch does what the mode is.
func (s *session) fetch(ctx context.Context) work.Outcome {
	if s.mode == work.Page {
		return s.visits(ctx)
	}
	return s.job(s.mode, s.targets).Do(ctx, s.deliver())
}

// prepare reads the options, as a script's are read, and makes the client.
func (s *session) prepare(logger logrus.FieldLogger) error {
	k6, err := s.k6sOptions()
	if err != nil {
		return err
	}
	if s.state, err = k6net.Standalone(k6, logger, s.gs.Env["GODEBUG"]); err != nil {
		return usage(err)
	}
	if s.metrics, err = k6metrics.Register(metrics.NewRegistry()); err != nil {
		return err
	}
	if err := s.readOptions(); err != nil {
		return usage(err)
	}
	cfg := fetch.Config{Config: s.network.Config(s.state)}
	cfg.Brief, cfg.Panicked = true, s.panics.To(logger)
	if s.state.Options.HTTPDebug.String != "" {
		cfg.Wrap = k6net.Debug(s.state)
	}
	s.client = fetch.NewClient(cfg)
	return nil
}

func (s *session) readOptions() error {
	rt := sobek.New()
	s.options = args.DefaultOptions(s.state)
	reader := args.OptionReader{Compare: true, Way: true, Page: s.mode == work.Page}
	// The exit status says what failed, as an error of a promise would. So it is not warned of as well.
	for _, o := range append([]option{{"throw", "throw", "failed"}}, s.plan.options...) {
		f := args.Field{Path: o.path, Value: literal.Of(rt, o.value), Runtime: rt}
		if err := reader.Option(s.options, o.name, f); err != nil {
			return err
		}
	}
	if s.mode == work.Sequential {
		s.options.Concurrency = 1
	}
	if err := s.readWays(rt); err != nil {
		return err
	}
	return s.options.Bounded("--concurrency")
}

func (s *session) readWays(rt *sobek.Runtime) error {
	if s.plan.ways == nil {
		return nil
	}
	named, err := s.options.ReadWays(args.Field{Path: "--compare", Value: literal.Of(rt, s.plan.ways), Runtime: rt})
	for _, w := range named {
		s.ways = append(s.ways, way{Way: w})
	}
	return err
}

// mostKept is how many results are kept for reports about single ones. Longer lists are counted, and those of a script
// are as well.
const mostKept = 10_000

// job makes a job as a script's call would.
func (s *session) job(mode work.Mode, targets work.Targets) *work.Job {
	engine := s.options.Engine(s.state, s.options.Build())
	engine.LateCookies = mode == work.Concurrent || mode == work.Compare
	engine.Drain, engine.Watch = s.drain, s.watch()
	j := &work.Job{
		Way: work.Way{
			Mode: mode, Targets: targets, Engine: engine, RunBudget: s.options.RunBudget, Client: s.client, Tags: s.options.Tags,
		},
		KeepsResults: mode == work.Compare || len(s.feeds) == 0 && targets != nil && targets.Len() <= mostKept,
		State:        s.state, Collector: s.collector, Panicked: s.panics.To(s.state.Logger),
		Samples: work.Samples{Metrics: s.metrics, Cache: &s.cache, Silent: true},
	}
	switch {
	case mode != work.Compare:
	case s.ways == nil:
		j.CompareBothWays(s.options.Rounds, s.options.Warmup)
	default:
		j.Ways, j.Rounds = s.waysOf(j), s.options.Rounds
		if s.options.Warmup {
			j.Warmups = j.Ways
		}
	}
	return j
}

// waysOf returns the ways of a comparison that the command line names.
func (s *session) waysOf(j *work.Job) []work.Way {
	all := make([]work.Way, len(s.ways))
	for i := range s.ways {
		way := &s.ways[i]
		all[i] = j.Way
		all[i].Mode, all[i].Targets = work.Mode(way.Name), way.targets
		all[i].Engine.Spec = way.Build()
	}
	return all
}

// deliver returns what takes each result to the view. Those of a comparison are shown when both ways are there.
func (s *session) deliver() func(*fetch.Result) {
	if s.mode == work.Compare {
		return s.view.Notice
	}
	return func(r *fetch.Result) { s.view.Result(string(s.mode), r) }
}

// logAside returns k6's logger, whose lines stand above what the view shows.
func (s *session) logAside() logrus.FieldLogger {
	own := s.gs.Logger
	return &logrus.Logger{ //nolint:forbidigo // a copy of k6's, which must not be changed
		Out: s.view.Aside(own.Out), Formatter: own.Formatter, Hooks: own.Hooks, Level: own.GetLevel(),
		ReportCaller: own.ReportCaller, ExitFunc: own.ExitFunc,
	}
}
