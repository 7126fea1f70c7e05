package command_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

const told = "interrupted: what is in flight ends"

func TestASignalLetsWhatIsInFlightEnd(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]os.Signal{"SIGINT": syscall.SIGINT, "SIGTERM": syscall.SIGTERM} {
		for _, input := range []string{"URLs", "a file", fromPipe, "a file, and standard input"} {
			t.Run(name+", "+input, func(t *testing.T) {
				t.Parallel()
				w := web.New(t)
				urls := strings.Repeat(w.URL+"/hold/a\n", 5)
				dir := files(t, map[string]string{"list": urls})
				c := k6test.Command{Dir: dir, Args: []string{"--json", "--concurrency", "2", "--report", "json=report.json"}}
				open, far := io.Pipe() // it never ends
				switch input {
				case "URLs":
					c.Args = append(c.Args, strings.Fields(urls)...)
				case "a file":
					c.Args = append(c.Args, "-i", "list")
				case "a file, and standard input":
					c.Args, c.Stdin = append(c.Args, "-i", "list", "-i", "-"), open
				default:
					c.Args, c.Stdin = append(c.Args, "-i", "-"), open
					go func() { _, _ = io.WriteString(far, urls) }()
				}
				p := c.Start(t)
				w.Arrived(t, "/hold/a", 2)
				require.NoError(t, p.Cmd.Process.Signal(signal))
				p.AwaitStderr(told)
				w.Come("a", 1) // opens the gate
				p.AwaitStdout(`"type":"end"`)
				require.NoError(t, far.Close())
				out := p.Wait()
				require.Equal(t, 105, out.ExitCode, out.Stderr)
				_, end := read(t, out)
				require.True(t, end.Interrupted)
				require.Equal(t, 2, end.Totals.Ok, "what was in flight has ended")
				require.Equal(t, end.Totals.Count-2, end.Totals.NotRun)
				if input == fromPipe {
					require.LessOrEqual(t, end.Totals.Count, 5)
				} else {
					require.Equal(t, 5, end.Totals.Count)
				}
				require.Equal(t, 2, w.Hits("/hold/a"))
				require.Contains(t, readFile(t, dir, "report.json"), `"ok":2`)
			})
		}
	}
}

// The visit under way ends, and no further page is begun.
func TestASignalEndsVisits(t *testing.T) {
	t.Parallel()
	for _, input := range []string{"URLs", fromPipe} {
		t.Run(input, func(t *testing.T) {
			t.Parallel()
			w := web.New(t)
			held := w.URL + file("p.html", "<img src=/hold/a><img src=/hold/b>")
			c := k6test.Command{Args: []string{"--json", "--page", "--per-host", "1"}}
			open, far := io.Pipe() // it never ends
			if input == fromPipe {
				c.Args, c.Stdin = append(c.Args, "-i", "-"), open
				go func() { _, _ = io.WriteString(far, held+"\n") }()
			} else {
				c.Args = append(c.Args, held, w.URL+"/echo")
			}
			p := c.Start(t)
			w.Arrived(t, "/hold/a", 1)
			require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
			p.AwaitStderr(told)
			w.Come("a", 1) // opens the gate
			p.AwaitStdout(`"type":"end"`)
			require.NoError(t, far.Close())
			out := p.Wait()
			require.Equal(t, 105, out.ExitCode, out.Stderr)
			results, end := read(t, out)
			require.Len(t, results, end.Totals.Count)
			require.Equal(t, 2, end.Totals.Ok, "the document, and what was in flight")
			require.Equal(t, map[string]int{"URLs": 2, fromPipe: 1}[input], end.Totals.NotRun)
			require.Zero(t, w.Hits("/hold/b")+w.Hits("/echo"))
		})
	}
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	dir := t.TempDir()
	p := k6test.Command{Dir: dir, Args: []string{w.URL + "/hang", "--report", "json=report.json"}}.Start(t)
	w.Arrived(t, "/hang", 1)
	require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
	p.AwaitStderr(told)
	require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
	out := p.Wait()
	require.Equal(t, 105, out.ExitCode)
	require.NotContains(t, out.Stdout, "URL", "nothing is said of what became of it")
	require.NoFileExists(t, filepath.Join(dir, "report.json"))
}

// Nobody reads what the command writes, so that it waits: a second signal ends it all the same.
func TestASecondSignalEndsWhatCannotWrite(t *testing.T) {
	t.Parallel()
	near, far, err := os.Pipe()
	require.NoError(t, err)
	defer func() { require.NoError(t, near.Close()) }()
	require.NoError(t, far.SetWriteDeadline(time.Now().Add(time.Second)))
	_, err = far.Write(make([]byte, 8<<20))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "the pipe is full")
	w := web.New(t)
	p := k6test.Command{Args: []string{"--sequential", w.URL + "/echo", w.URL + "/hang"}, Stdout: far}.Start(t)
	require.NoError(t, far.Close())
	w.Arrived(t, "/hang", 1) // so that there is a line to write
	ended := make(chan *k6test.Outcome, 1)
	go func() { ended <- p.Wait() }()
	for {
		select {
		case out := <-ended:
			require.Equal(t, 105, out.ExitCode)
			return
		case <-time.After(50 * time.Millisecond): // signals that come together are one
			_ = p.Cmd.Process.Signal(syscall.SIGINT) // it may have ended
		}
	}
}

func TestASignalEndsAComparison(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	p := k6test.Command{Args: []string{"--compare", "--no-warmup", w.URL + "/hold/a", w.URL + "/hold/a"}}.Start(t)
	w.Arrived(t, "/hold/a", 1)
	require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
	p.AwaitStderr(told)
	w.Come("a", 1)
	out := p.Wait()
	require.Equal(t, 105, out.ExitCode)
	require.Contains(t, out.Stdout, "not run")
	require.Equal(t, 1, w.Hits("/hold/a"))
}

func TestASignalEndsTheRoundsOfAComparison(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	p := k6test.Command{
		Args: []string{"--compare", "--no-warmup", "--rounds", "1000", "--json", w.URL + "/hold/a", w.URL + "/hold/a"},
	}.Start(t)
	w.Arrived(t, "/hold/a", 1)
	require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
	p.AwaitStderr(told)
	w.Come("a", 1)
	out := p.Wait()
	require.Equal(t, 105, out.ExitCode)
	results, end := read(t, out)
	require.Len(t, results, 4, "of the first round, and of no other")
	require.Equal(t, 4, end.Totals.Count)
	require.Equal(t, 3, end.Totals.NotRun)
}

func TestASignalEndsWhatReadsASitemap(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	p := k6test.Command{Args: []string{"--sitemap", w.URL + "/hold/map"}}.Start(t)
	w.Arrived(t, "/hold/map", 1)
	require.NoError(t, p.Cmd.Process.Signal(syscall.SIGINT))
	p.AwaitStderr(told)
	w.Come("map", 1)
	require.Equal(t, 105, p.Wait().ExitCode)
}

func TestAPipeThatNobodyReadsEndsTheCommand(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	near, far, err := os.Pipe()
	require.NoError(t, err)
	p := k6test.Command{
		Args: []string{"-i", "-", "--json"}, Stdout: far,
		Stdin: strings.NewReader(strings.Repeat(w.URL+"/echo\n", 100_000)),
	}.Start(t)
	require.NoError(t, far.Close())
	_, err = near.Read(make([]byte, 100))
	require.NoError(t, err)
	require.NoError(t, near.Close())
	began := time.Now()
	out := p.Wait()
	require.NotZero(t, out.ExitCode)
	require.Less(t, time.Since(began), 30*time.Second)
	require.Less(t, w.Hits("/echo"), 100_000)
}

func TestOutputThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full here")
	}
	defer func() { require.NoError(t, full.Close()) }()
	w := web.New(t)
	out := k6test.Command{Args: []string{w.URL + "/echo"}, Stdout: full}.Run(t)
	require.NotZero(t, out.ExitCode)
	require.Contains(t, out.Stderr, "no space left")
}

// The exit statuses, as docs/command.md has them.
func TestExitStatuses(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	dir := files(t, map[string]string{"empty": "# nothing\n"})
	for args, want := range map[string]int{
		"BASE/echo":                           0,
		"--compare BASE/echo":                 0,
		"BASE/status/404":                     99,
		"--compare BASE/status/404":           99,
		"BASE/echo BASE/drop":                 99,
		"--budget elapsed<1us BASE/echo":      99,
		"--budget speedup>1000 BASE/echo":     99,
		"--input empty":                       99,
		"--deadline 1ms -i - --concurrency 1": 99,
		"--wrong":                             104,
		"--report json=/dev/null/x BASE/echo": 104,
		"--sitemap BASE/status/404":           99,
	} {
		c := k6test.Command{Dir: dir, Args: strings.Fields(strings.ReplaceAll(args, "BASE", w.URL))}
		c.Stdin = strings.NewReader(strings.Repeat(w.URL+"/delay/20\n", 10))
		out := c.Run(t)
		require.Equal(t, want, out.ExitCode, "%s\n%s%s", args, out.Stdout, out.Stderr)
		if want == 0 {
			require.Empty(t, out.Stderr, args)
		} else {
			require.Equal(t, 1, strings.Count(out.Stderr, "\n"), fmt.Sprint("it is one line: ", out.Stderr))
		}
	}
}
