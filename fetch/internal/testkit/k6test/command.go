package k6test

import (
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Command is a `k6 x fetch` to be started.
type Command struct {
	// Args follow `k6 x fetch`. Root are flags of k6, which stand before that.
	Root, Args []string
	// Stdin is what it reads. Nil is nothing.
	Stdin io.Reader
	// Env is added to the environment, as "KEY=value". A variable without a value is taken away.
	Env []string
	// Dir is where it runs, empty for a folder of the test's own.
	Dir string
	// Terminal is its standard input, output and error, nil for pipes.
	Terminal *os.File
	// Stdout is where it writes to instead of what an Outcome has. It may be nil.
	Stdout *os.File
	// Attributes are those of its process. They may be nil.
	Attributes *syscall.SysProcAttr
}

// Start starts the command. It is killed at the end of the test, or after two minutes.
func (c Command) Start(tb testing.TB) *Process {
	tb.Helper()
	args := append(append(c.Root, "x", "fetch"), c.Args...)
	p := prepare(tb, 2*time.Minute, nil, args...) //nolint:mnd // as documented
	p.Cmd.Env = append(p.Cmd.Env, "K6_AUTO_EXTENSION_RESOLUTION=false", "K6_NO_USAGE_REPORT=true", "TERM=xterm")
	for _, variable := range c.Env {
		if strings.Contains(variable, "=") {
			p.Cmd.Env = append(p.Cmd.Env, variable)
			continue
		}
		var rest []string
		for _, own := range p.Cmd.Env {
			if !strings.HasPrefix(own, variable+"=") {
				rest = append(rest, own)
			}
		}
		p.Cmd.Env = rest
	}
	if p.Cmd.Dir = c.Dir; c.Dir == "" {
		p.Cmd.Dir = tb.TempDir()
	}
	p.Cmd.Stdin, p.Cmd.Stdout, p.Cmd.Stderr = c.Stdin, &p.stdout, &p.stderr
	if c.Terminal != nil {
		p.Cmd.Stdin, p.Cmd.Stdout, p.Cmd.Stderr = c.Terminal, c.Terminal, c.Terminal
	}
	if c.Stdout != nil {
		p.Cmd.Stdout = c.Stdout
	}
	p.Cmd.SysProcAttr = c.Attributes
	require.NoError(tb, p.Cmd.Start())
	return p
}

// Run runs the command to its end.
func (c Command) Run(tb testing.TB) *Outcome {
	tb.Helper()
	return c.Start(tb).Wait()
}

// AwaitStdout waits until the process has printed a text to standard output, for at most a minute. It returns all
// output until then.
func (p *Process) AwaitStdout(text string) string {
	p.tb.Helper()
	return p.stdout.await(p.tb, text)
}
