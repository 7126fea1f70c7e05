// Package k6test runs scripts in a real k6 with the extension, for tests. The k6 is the test binary itself: a test
// package calls [Main] in its TestMain, and the binary, started again, is k6.
package k6test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.k6.io/k6/v2/cmd"

	_ "github.com/xk6-fetch/xk6-fetch" // registers the extension
)

// asK6 is set in the environment of a test binary that runs as k6.
const asK6 = "XK6_FETCH_TEST_AS_K6"

// Main runs the tests of a package, or k6 if the binary was started as k6. It does not return.
func Main(m *testing.M, leaks func(m *testing.M)) {
	if os.Getenv(asK6) != "" {
		if err := os.Unsetenv(asK6); err != nil {
			panic(err)
		}
		cmd.Execute()
		os.Exit(0)
	}
	if leaks != nil {
		leaks(m)
		return
	}
	os.Exit(m.Run())
}

// Sample is one sample of the JSON output.
type Sample struct {
	Metric string
	Value  float64
	Time   time.Time
	Tags   map[string]string
	Meta   map[string]string
}

// Outcome is the result of a k6 process.
type Outcome struct {
	ExitCode       int
	Stdout, Stderr string
	Samples        []Sample
}

// Of returns the samples of one metric.
func (o *Outcome) Of(metric string) []Sample {
	var found []Sample
	for _, s := range o.Samples {
		if s.Metric == metric {
			found = append(found, s)
		}
	}
	return found
}

// Sum adds the values of one metric up.
func (o *Outcome) Sum(metric string) float64 {
	var sum float64
	for _, s := range o.Of(metric) {
		sum += s.Value
	}
	return sum
}

// Run runs a script, given as text, and returns when k6 has ended. Further arguments go to "k6 run".
func Run(tb testing.TB, script string, args ...string) *Outcome {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "script.js")
	require.NoError(tb, os.WriteFile(path, []byte(script), 0o600))
	return RunFile(tb, path, args...)
}

// RunFile runs a script file.
func RunFile(tb testing.TB, path string, args ...string) *Outcome {
	tb.Helper()
	p := Start(tb, path, args...)
	return p.Wait()
}

// Process is a k6 under way.
type Process struct {
	tb             testing.TB
	Cmd            *exec.Cmd
	stdout, stderr output
	samples        string
}

// output is what a process prints; others may read it meanwhile.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed when there is more; nil if nobody waits
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.more != nil {
		close(o.more)
		o.more = nil
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// look returns the output so far, and a channel that is closed when there is more.
func (o *output) look() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.more == nil {
		o.more = make(chan struct{})
	}
	return o.text.String(), o.more
}

// AwaitStderr waits until the process has printed a text to standard error, for at most a minute. It returns all output
// until then.
func (p *Process) AwaitStderr(text string) string {
	p.tb.Helper()
	return p.stderr.await(p.tb, text)
}

// await waits until a text is there, for at most a minute.
func (o *output) await(tb testing.TB, text string) string {
	tb.Helper()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for {
		printed, more := o.look()
		if strings.Contains(printed, text) {
			return printed
		}
		select {
		case <-more:
		case <-late.C:
			require.FailNow(tb, "k6 does not print it", "%q is not in %s", text, printed)
		}
	}
}

// Start starts k6 with a script file. The process is killed at the end of the test, or after two minutes.
func Start(tb testing.TB, path string, args ...string) *Process {
	tb.Helper()
	return StartWith(tb, path, nil, args...)
}

// StartWith is Start with additions to the environment, as "KEY=value".
func StartWith(tb testing.TB, path string, env []string, args ...string) *Process {
	tb.Helper()
	samples := filepath.Join(tb.TempDir(), "samples.json")
	all := append([]string{"run", "--out", "json=" + samples}, args...)
	p := start(tb, 2*time.Minute, env, append(all, path)...) //nolint:mnd // as documented
	p.samples = samples
	return p
}

// StartCommand starts k6 with any command, its name first, without samples. It is killed after forty minutes.
func StartCommand(tb testing.TB, args ...string) *Process {
	tb.Helper()
	return start(tb, 40*time.Minute, nil, args...) //nolint:mnd // as documented
}

func start(tb testing.TB, limit time.Duration, env []string, args ...string) *Process {
	tb.Helper()
	all := append([]string{"--quiet"}, args...)
	if args[0] == "run" {
		all = append(all, "--no-usage-report")
	}
	p := prepare(tb, limit, env, all...)
	p.Cmd.Stdout, p.Cmd.Stderr = &p.stdout, &p.stderr
	if script := args[len(args)-1]; args[0] == "run" && filepath.IsAbs(script) {
		p.Cmd.Dir = filepath.Dir(script) // so that files written by a test's script are removed with it
	}
	require.NoError(tb, p.Cmd.Start())
	return p
}

// prepare makes a process that is to be started.
func prepare(tb testing.TB, limit time.Duration, env []string, args ...string) *Process {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	tb.Cleanup(cancel)
	self, err := os.Executable()
	require.NoError(tb, err)
	p := &Process{tb: tb}
	all := append([]string{"--address", "", "--log-format", "raw"}, args...)
	p.Cmd = exec.CommandContext(ctx, self, all...) // #nosec G204 -- the test binary itself
	p.Cmd.Env = append(os.Environ(), asK6+"=1", "NO_COLOR=1", "HTTP_PROXY=", "http_proxy=", "K6_WEB_DASHBOARD=",
		// The race detector reports a race as it happens. By default it also sleeps for a second before each exit.
		"GORACE="+os.Getenv("GORACE")+" atexit_sleep_ms=0")
	p.Cmd.Env = append(p.Cmd.Env, env...)
	return p
}

// Wait waits for the process to end and reads its samples.
func (p *Process) Wait() *Outcome {
	p.tb.Helper()
	_ = p.Cmd.Wait() // the test judges a failing script by the exit code
	return &Outcome{
		ExitCode: p.Cmd.ProcessState.ExitCode(),
		Stdout:   p.stdout.String(), Stderr: p.stderr.String(),
		Samples: readSamples(p.tb, p.samples),
	}
}

// readSamples reads the file that k6's JSON output wrote.
func readSamples(tb testing.TB, path string) []Sample {
	tb.Helper()
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path) // #nosec G304 -- a file of the test's own
	if errors.Is(err, fs.ErrNotExist) {
		return nil // the script failed before k6 created its outputs
	}
	require.NoError(tb, err)
	data = data[:bytes.LastIndexByte(data, '\n')+1] // the last line of a process that was killed may be cut off
	var samples []Sample
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	lines.Buffer(nil, 16<<20) //nolint:mnd // no line is longer
	for lines.Scan() {
		var line struct {
			Type, Metric string
			Data         struct {
				Time     time.Time
				Value    float64
				Tags     map[string]string
				Metadata map[string]string
			}
		}
		require.NoError(tb, json.Unmarshal(lines.Bytes(), &line))
		if line.Type == "Point" {
			samples = append(samples, Sample{
				Metric: line.Metric, Value: line.Data.Value, Time: line.Data.Time,
				Tags: line.Data.Tags, Meta: line.Data.Metadata,
			})
		}
	}
	require.NoError(tb, lines.Err())
	return samples
}
