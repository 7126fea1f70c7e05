package aggregate

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Limits bound what a collector keeps.
type Limits struct {
	// Names is how many names have figures of their own; what comes under further ones is counted as [Other].
	Names int
	// Slowest and Failed are how many results are kept of the slowest, and of those that failed. Of those that failed for
	// the same reason under the same name, a few are kept.
	Slowest, Failed int
	// Rows is how many results are kept of the single runs of a mode, for their timelines: of the slowest, of the one with
	// the most failures and of the last, together. As many are kept of each way of a comparison.
	Rows int
}

// DefaultLimits are those of a test run: usually less than a megabyte. In the worst case it is a series (2 MB), details
// (4 kB each) of 250 single results and of 600 rows in each of three modes and two ways of a comparison (13 MB), and
// 10,000 rows of each of these, half a kilobyte each if their names and URLs are of the usual length (25 MB).
func DefaultLimits() Limits {
	return Limits{Names: 1000, Slowest: 50, Failed: 200, Rows: 10_000} //nolint:mnd // here is where they are named
}

// Other is the name under which results are counted when there are too many names.
const Other = "other"

const (
	shards      = 16
	maxText     = 2048 // longest text that is kept of a result, in bytes
	maxAlike    = 3    // failed results that are kept of one name and reason
	maxFailures = 500  // reasons of failure, names counted, that are told apart
)

// Collector gathers results of many runs. It is safe for use by many goroutines, and takes less than a microsecond of a
// result. It has many fields because each part of a report is gathered by itself: what every result adds to in shards,
// the rest under one lock.
type Collector struct {
	limits Limits
	seed   maphash.Seed
	shards [shards]shard
	names  atomic.Int64
	other  *Name
	hidden sync.Mutex // of other
	series recorder

	// slowEnough is what a result must take to be one of the slowest.
	slowEnough atomic.Int64

	mu         sync.Mutex
	begun      time.Time
	ended      time.Time
	modes      map[string]*Totals
	slowest    []Sample
	failed     []Sample
	alike      map[alike]int
	telling    int                  // how many failed results are kept, or about to be
	kept       map[string]*keptRuns // by mode
	comparison *Comparison

	budgets Budgets
	// expected counts what became of checks of responses.
	expected Budgets
	visits   visits
}

type shard struct {
	mu    sync.Mutex
	names map[string]*Name
	notes notes
	types types
	_     [32]byte // a cache line each
}

// alike are results that failed for the same reason under the same name.
type alike struct {
	name  string
	cause Cause
}

// New returns an empty collector.
func New(limits Limits) *Collector {
	c := &Collector{
		limits: limits, seed: maphash.MakeSeed(), modes: make(map[string]*Totals), alike: make(map[alike]int),
		kept: make(map[string]*keptRuns),
	}
	for i := range c.shards {
		c.shards[i].names = make(map[string]*Name)
	}
	return c
}

// Name is what is known of the results of one name.
type Name struct {
	Counts

	Name string
	// Rest reports whether these are the results of several names, for which there was no place.
	Rest   bool
	Causes map[Cause]int
	Times  [Phases]Histogram // of the results that ran, without those from a cache
	Sizes  Histogram         // of the bytes of those of them that were answered, each a [Byte]
	Breaks Breaks            // of the checks of budgets
}

// Cause is why a result failed.
type Cause struct {
	Code   int    // k6's
	Status int    // 0 if no response came
	Error  string // empty if it was the status
}

// CountVUs says how to find out how many VUs are active: 0 or less where that is not known. It is called about once for
// each step of the series, by whoever adds a result then. It must be said before there are any.
func (c *Collector) CountVUs(active func() int) { c.series.vus = active }

// Begin says that a run begins. The first one is where the series begins; without it, that is where the run of the
// first result began.
func (c *Collector) Begin(at time.Time) { c.series.begin(at) }

// Add counts a result. It keeps nothing that the pointer leads to but texts.
func (c *Collector) Add(r *fetch.Result) {
	name := c.count(r)
	c.sample(r, name)
	c.budget(r, name)
}

// count counts a result under its name and in the series, and returns the name that it is counted under.
func (c *Collector) count(r *fetch.Result) string {
	name := r.Name()
	if len(name) > maxText {
		name = cut(name)
	}
	var m mark
	ran := r.State != fetch.StateNotRun && !r.FromCache
	if ran {
		m = c.series.markOf(r)
	}
	s := &c.shards[maphash.String(c.seed, name)%shards]
	s.mu.Lock()
	s.types.add(r)
	if ran {
		c.series.note(&s.notes, m)
	}
	if n := c.named(s, name); n != nil {
		defer s.mu.Unlock()
		n.add(r)
		return n.Name
	}
	s.mu.Unlock()
	c.hidden.Lock()
	defer c.hidden.Unlock()
	if c.other == nil {
		c.other = &Name{Name: Other, Rest: true}
	}
	c.other.add(r)
	return Other
}

// named returns the figures of a name, nil if there are too many names. The shard's lock is held.
func (c *Collector) named(s *shard, name string) *Name {
	n := s.names[name]
	if n != nil {
		return n
	}
	if c.names.Add(1) > int64(c.limits.Names) {
		c.names.Add(-1)
		return nil
	}
	name = strings.Clone(name) // it may be a part of something large
	n = &Name{Name: name}
	s.names[name] = n
	return n
}

func (n *Name) add(r *fetch.Result) {
	n.Count++
	switch r.State {
	case fetch.StateNotRun:
		n.NotRun++
		return
	case fetch.StateFailed:
		n.Failed++
		if n.Causes == nil {
			n.Causes = make(map[Cause]int)
		}
		cause := causeOf(r)
		if len(n.Causes) >= maxAlike*maxAlike {
			if _, known := n.Causes[cause]; !known {
				cause = Cause{Code: failure.CodeGeneric, Error: "other failures"}
			}
		}
		n.Causes[cause]++
	case fetch.StateDone:
		n.Ok++
	}
	if r.OverBudget() {
		n.OverBudget++
		n.Breaks.add(r)
	}
	if r.FromCache { // there was no request whose times and bytes could be looked at
		n.Hits++
		return
	}
	if r.Ok() {
		n.Sizes.Add(time.Duration(r.Bytes) * Byte)
	}
	n.Bytes += r.Bytes
	n.Requests += r.Requests
	for phase, d := range TimesOf(r) {
		if d > 0 { // most requests have phases that were not reached; clone counts those
			n.Times[phase].Add(d)
		}
	}
}

func causeOf(r *fetch.Result) Cause {
	return Cause{Code: r.ErrorCode, Status: r.Status, Error: cut(r.Error)}
}

// cut bounds a text.
func cut(s string) string { return cutTo(s, maxText) }

func cutTo(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// sample keeps a result if it is one of the slowest or failed, with its details.
func (c *Collector) sample(r *fetch.Result, name string) {
	if r.State == fetch.StateNotRun {
		return
	}
	slow := c.limits.Slowest > 0 && int64(r.Elapsed) > c.slowEnough.Load()
	failed := r.State == fetch.StateFailed && c.worthKeeping(r, name)
	if !slow && !failed {
		return
	}
	s := SampleOf(r)
	s.Detail = new(details).of(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	if failed {
		c.failed = append(c.failed, s)
	}
	c.slow(&s)
}

// worthKeeping reports whether a failed result is worth keeping, and counts on its being kept.
func (c *Collector) worthKeeping(r *fetch.Result, name string) bool {
	key := alike{name, causeOf(r)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.telling == c.limits.Failed || len(c.alike) >= maxFailures || c.alike[key] >= maxAlike {
		return false
	}
	c.alike[key]++
	c.telling++
	return true
}

// slow keeps a result if it is one of the slowest. The lock is held.
func (c *Collector) slow(s *Sample) {
	if c.limits.Slowest == 0 || int64(s.Elapsed) <= c.slowEnough.Load() {
		return
	}
	place, _ := slices.BinarySearchFunc(c.slowest, *s, func(a, b Sample) int { return cmp.Compare(b.Elapsed, a.Elapsed) })
	if len(c.slowest) == c.limits.Slowest {
		c.slowest = c.slowest[:len(c.slowest)-1]
	}
	c.slowest = slices.Insert(c.slowest, place, *s)
	if len(c.slowest) == c.limits.Slowest {
		c.slowEnough.Store(int64(c.slowest[len(c.slowest)-1].Elapsed))
	}
}

// Totals are the figures of one or several runs.
type Totals struct {
	Counts

	Runs int
	// Elapsed is the time of the runs added up, Total that of their results.
	Elapsed, Total time.Duration
	// Peak is how many targets were in flight at once at the most.
	Peak int
}

// Speedup is how many times faster the runs were than their targets one after another. 0 when nothing ran.
func (t *Totals) Speedup() float64 { return Speedup(t.Total, t.Elapsed) }

func (t *Totals) add(run *fetch.Run) {
	t.join(&Totals{Counts: countsOf(run), Runs: 1, Elapsed: run.Elapsed, Total: run.Total, Peak: run.Peak})
}

// Ended counts a run that has ended. Its results have been added one by one. A few runs of each mode are kept as
// timelines.
func (c *Collector) Ended(mode string, run *fetch.Run) {
	mode = c.boundedMode(mode)
	c.budgets.addRun(mode, run)
	c.visits.add(visitOf(run))
	hold := holds(run)
	kept, number, share := c.total(mode, run, hold)
	if kept == nil {
		return
	}
	line := lineOf(mode, run)
	line.Number = number
	if hold {
		line.held = &held{run: run}
	} else {
		line.Rows = rowsOf(run, c.limits.Rows/share, DetailedRows/share)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	kept.keep(line, c.limits.Rows)
}

const (
	// maxModes bounds how many modes are counted one by one. A script names some of them: those that it compares.
	maxModes = 40
	// otherModes is what the rest is counted under.
	otherModes = "other"
)

// boundedMode returns the mode, or what it is counted under if there are too many.
func (c *Collector) boundedMode(mode string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.modes[mode] != nil || len(c.modes) < maxModes {
		return mode
	}
	return otherModes
}

// total adds a run to the totals, and returns its number. If it is to be kept, it returns where, and among how many.
func (c *Collector) total(mode string, run *fetch.Run, hold bool) (kept *keptRuns, number, share int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.modes[mode]
	if t == nil {
		t = &Totals{}
		c.modes[mode], c.kept[mode] = t, &keptRuns{}
	}
	t.add(run)
	if c.begun.IsZero() || run.Started.Before(c.begun) {
		c.begun = run.Started
	}
	if end := run.Started.Add(run.Elapsed); end.After(c.ended) {
		c.ended = end
	}
	share, wanted := c.kept[mode].wants(run, t.Runs, c.limits.Rows, hold)
	if !wanted {
		return nil, 0, 0
	}
	return c.kept[mode], t.Runs, share
}
