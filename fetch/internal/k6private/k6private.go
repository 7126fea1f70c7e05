// Package k6private holds all that this module uses of k6 without a promise by k6. Read this file when you change k6's
// version, and run the tests that it names.
package k6private

import (
	"os"
	"reflect"
	"time"

	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"
)

// The numbers of two of k6's events.
//
// What: event.TestEnd and event.IterEnd of k6's internal package event, as numbers.
// Why: modules get a system of events with modules.VU, but the type of an event's kind is internal. Work beside the
// event loop must be waited for, because k6 panics if samples come after the test has ended.
// Breaks: if k6 inserts a kind before these, or renumbers them, other events are waited for.
// Test: TestK6Leftovers, which then sees lost samples, or a panic of k6.
const (
	TestEnd = 3
	IterEnd = 5
)

// InIteration reports whether a VU is in an iteration, and not in setup(), teardown() or handleSummary().
//
// What: those three are run by a VU with the number 0.
// Why: IterEnd is not emitted for them, so that whoever waits for it there waits for ever.
// Breaks: if k6 gives those VUs another number, work that they leave behind is not waited for.
// Test: TestK6LeftoversOfHandleSummary, and the cases of setup() and teardown() in TestK6Leftovers.
func InIteration(state *lib.State) bool { return state.VUID != 0 }

// Statuses returns the ranges of statuses that http.expectedStatuses() of k6 stands for, false for other values.
//
// What: the fields minmax and exact of k6/http's unexported type expectedStatuses, by reflection.
// Why: scripts of http.batch hand it over as responseCallback. They are to run unchanged.
// Breaks: if a field is renamed or changes its type, the param is an error that names it; no status is misjudged.
// Test: TestK6sStatusesAreRead, and TestScripts/params of fetch/js.
func Statuses(v any) (ranges [][2]int, ok bool) {
	value := reflect.Indirect(reflect.ValueOf(v))
	if value.Kind() != reflect.Struct {
		return nil, false
	}
	minmax, exact := value.FieldByName("minmax"), value.FieldByName("exact")
	if !minmax.IsValid() || !exact.IsValid() ||
		minmax.Type() != reflect.TypeFor[[][2]int]() || exact.Type() != reflect.TypeFor[[]int]() {
		return nil, false
	}
	for i := range minmax.Len() {
		r := minmax.Index(i)
		ranges = append(ranges, [2]int{int(r.Index(0).Int()), int(r.Index(1).Int())})
	}
	for i := range exact.Len() {
		n := int(exact.Index(i).Int())
		ranges = append(ranges, [2]int{n, n})
	}
	return ranges, true
}

// Arguments are those of the process, which are k6's.
//
// What: os.Args, where --quiet stands.
// Why: k6 keeps to itself whether it was told to be quiet, and has no variable of the environment for it. The progress
// of long runs goes to its log, and would be there in spite of --quiet.
// Breaks: if k6 is told to be quiet in another way, progress is logged all the same.
// Test: TestK6ProgressOfALongRun.
func Arguments() []string {
	return os.Args[min(len(os.Args), 1):]
}

// IsResolver reports whether a resolver is one that netext.NewResolver has made, which asks the machine for names.
//
// What: the unexported types that NewResolver returns, with a cache and without.
// Why: k6's resolver knows no context, and a look-up that gets no answer cannot be ended. One of those types can be
// replaced by one with the same cache and policy that is told the addresses; any other is left in charge.
// Breaks: if k6 makes resolvers otherwise, look-ups go through k6's own again, and outlive what they were for.
// Test: TestLookUpEndsWithItsContext, and TestAnotherResolverIsLeftInCharge.
func IsResolver(r netext.Resolver) bool {
	for _, ttl := range []time.Duration{0, time.Hour} {
		if reflect.TypeOf(r) == reflect.TypeOf(netext.NewResolver(nil, ttl, types.DNSfirst, types.DNSany)) {
			return true
		}
	}
	return false
}
