package view_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/command/view"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/terminal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// awkward are URLs that are hard to show.
//
//nolint:gochecknoglobals // a constant list
var awkward = []string{
	"https://a.example/",
	"https://a.example/" + strings.Repeat("x", 2000),
	"https://a.example/" + strings.Repeat("日本", 100),
	"https://a.example/" + strings.Repeat("e\u0301\u0302", 100),
	"https://a.example/\x1b[2J\r\n\u202eevil",
	"https://name:password@a.example/" + strings.Repeat("😀", 60),
}

// results are one of each kind for each of the URLs.
func results() []*fetch.Result {
	all := make([]*fetch.Result, 0, 4*len(awkward))
	for _, url := range awkward {
		for i, state := range []fetch.State{fetch.StateDone, fetch.StateFailed, fetch.StateFailed, fetch.StateNotRun} {
			r := &fetch.Result{Index: len(all), Target: fetch.Target{URL: url, Spec: &fetch.Spec{}}, State: state}
			if state != fetch.StateNotRun {
				r.Elapsed = time.Duration(1+len(all)*37%900) * time.Millisecond
				r.Timings.Waiting, r.Timings.LookingUp = r.Elapsed/2, r.Elapsed/4
				r.Status, r.Attempts = 200, 1
			}
			switch i {
			case 1:
				r.Status, r.Attempts = 503, 3
			case 2:
				r.Status, r.Error = 0, "dial: connection refused "+strings.Repeat("because ", 20)
			}
			all = append(all, r)
		}
	}
	return all
}

// What a cache had took no time that is worth a bar.
func TestWhatACacheHad(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	v := view.New(view.Config{Out: &out})
	spec := &fetch.Spec{}
	hit := &fetch.Result{Target: fetch.Target{URL: "http://a.test/a.png", Spec: spec}, State: fetch.StateDone, Status: 200, FromCache: true}
	v.Result("page", hit)
	require.NoError(t, v.Close())
	require.Regexp(t, `^✓ 200    cache +http://a\.test/a\.png\n$`, out.String())
}

// shown shows all results in a terminal that has each of the widths for a while.
func shown(t *testing.T, colors bool, widths ...int) *terminal.Terminal {
	t.Helper()
	screen := terminal.New(widths[0])
	var now atomic.Int64
	now.Store(int64(widths[0]))
	v := view.New(view.Config{Out: screen, Size: func() int { return int(now.Load()) }, Colors: colors})
	all := results()
	var finished atomic.Int64
	ended := v.Watch("")(func() fetch.Progress {
		return fetch.Progress{Count: len(all), Finished: int(finished.Load()), Failed: int(finished.Load()) / 2}
	})
	for i, r := range all {
		time.Sleep(150 * time.Millisecond)
		if width := widths[i*len(widths)/len(all)]; width != int(now.Load()) {
			screen.Resize(width)
			now.Store(int64(width))
			time.Sleep(150 * time.Millisecond)
		}
		finished.Add(1)
		v.Result("concurrent", r)
		time.Sleep(150 * time.Millisecond)
		synctest.Wait()
		rows := screen.Rows()
		footer := rows[len(rows)-1]
		require.Contains(t, footer, fmt.Sprintf("%d of %d", i+1, len(all)))
		require.Less(t, columns.Of(footer), int(now.Load()))
		for _, row := range rows[:len(rows)-1] {
			require.NotContains(t, row, " of 24", "a footer is left behind")
		}
	}
	ended()
	require.NoError(t, v.Close())
	require.Empty(t, screen.Odd())
	require.Equal(t, colors, screen.Colors())
	return screen
}

func TestALiveViewFitsItsTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{20, 60, 80, 200} {
		for _, colors := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				screen := shown(t, colors, width)
				rows := screen.Rows()
				extra := 1 // the last line feed
				if colors {
					rows = rows[len(rows)-1-len(results()):]
				}
				require.Len(t, rows, len(results())+extra, "a row for each result, and nothing is left of the footer:\n%s", screen.Text())
				for i, row := range rows[:len(results())] {
					require.Less(t, columns.Of(row), width)
					require.True(t, strings.HasPrefix(row, []string{"✓ 200", "✗ 503", "✗    ", "-    "}[i%4]), row)
				}
				require.NotContains(t, screen.Text(), "password")
				require.NotContains(t, screen.Text(), "\u202e")
			})
		}
	}
}

func TestALiveViewFollowsItsTerminal(t *testing.T) {
	t.Parallel()
	for _, widths := range [][]int{{200, 60, 80}, {60, 200}, {120, 30, 25, 100}} {
		synctest.Test(t, func(t *testing.T) {
			screen := shown(t, false, widths...)
			text := screen.Text()
			for _, mark := range []string{"✓ 200", "✗ 503", "not run"} {
				require.Equal(t, len(awkward), strings.Count(text, mark), text)
			}
		})
	}
}

func TestWhatIsLoggedStandsAboveTheFooter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		screen := terminal.New(60)
		v := view.New(view.Config{Out: screen, Size: func() int { return 60 }})
		ended := v.Watch("comparing")(func() fetch.Progress { return fetch.Progress{Count: 4, Finished: 1} })
		time.Sleep(time.Second)
		_, err := io.WriteString(v.Aside(screen), "a line of the log\n")
		require.NoError(t, err)
		v.Ending("ending")
		time.Sleep(time.Second)
		synctest.Wait()
		rows := screen.Rows()
		require.Len(t, rows, 2)
		require.Equal(t, "a line of the log", rows[0])
		require.Contains(t, rows[1], "comparing: 1 of 4, ending")
		ended()
		require.NoError(t, v.Close())
		require.Equal(t, "a line of the log\n", screen.Text())
	})
}

func TestAFeedHasNoEndInSight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		screen := terminal.New(80)
		v := view.New(view.Config{Out: screen, Size: func() int { return 80 }})
		ended := v.Watch("")(func() fetch.Progress { return fetch.Progress{Count: 1300, Finished: 1234, Open: true} })
		time.Sleep(10 * time.Second)
		synctest.Wait()
		require.Regexp(t, `^1,234 so far, 12\d/s$`, screen.Text())
		ended()
		require.NoError(t, v.Close())
	})
}

func TestPlainLinesAreWhole(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	v := view.New(view.Config{Out: &out})
	for _, r := range results() {
		v.Result("concurrent", r)
	}
	require.NoError(t, v.Close())
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, len(results()))
	require.Contains(t, lines[4], awkward[1])
	require.NotContains(t, out.String(), "\x1b")
	require.NotContains(t, out.String(), "password")
	require.Contains(t, lines[1], "(3 attempts)")
	require.Contains(t, lines[2], "dial: connection refused")
}

func TestLinesOfJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	v := view.New(view.Config{Out: &out, JSON: true})
	bodies := results()[:2]
	bodies[0].Response = &fetch.Response{Body: []byte("text")}
	bodies[1].Response = &fetch.Response{Body: []byte{0xff}}
	for _, r := range append(bodies, results()[2:]...) {
		v.Result("sequential", r)
	}
	require.NoError(t, v.Close())
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, len(results()))
	for i, line := range lines {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		require.Equal(t, "result", record["type"])
		require.Equal(t, "sequential", record["mode"])
		require.EqualValues(t, i, record["index"])
		switch i {
		case 0:
			require.Equal(t, "text", record["body"])
		case 1:
			require.Equal(t, "/w==", record["bodyBase64"])
		default:
			require.NotContains(t, record, "body")
		}
	}
}

func TestAQuietViewShowsNoResults(t *testing.T) {
	t.Parallel()
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		v := view.New(view.Config{Out: &out, JSON: asJSON, Quiet: true, Size: func() int { return 80 }})
		for _, r := range results() {
			v.Result("concurrent", r)
		}
		v.Print("the end\n")
		require.NoError(t, v.Close())
		require.Equal(t, "the end\n", out.String())
	}
}

// full is a stream that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestAViewSaysThatItCannotWrite(t *testing.T) {
	t.Parallel()
	var told []error
	v := view.New(view.Config{Out: full{}, Failed: func(err error) { told = append(told, err) }})
	for range 3 {
		v.Print(strings.Repeat("x", 100_000))
	}
	require.Len(t, told, 1)
	require.EqualError(t, v.Close(), "no space")
}
