package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// Exit codes of shells, for a command that has none of its own.
const (
	exitNotFound = 127
	exitSignal   = 128
)

// command runs args with env until it ends, passes it each of the signals, and returns its exit code.
//
// The command is in a process group of its own. Ctrl-C in a terminal interrupts a whole group, and k6 takes a second
// interrupt for the wish to end without a summary. So the command gets it once, through the server.
func command(
	args, env []string, signals <-chan os.Signal, stdin io.Reader, stdout, stderr io.Writer,
) int {
	// #nosec G204 -- to run what the user names is the purpose
	cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = stdin, stdout, stderr
	cmd.SysProcAttr = ownGroup()

	if err := cmd.Start(); err != nil {
		_, _ = fmt.Fprintln(stderr, "server:", err)
		return exitNotFound
	}

	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	for {
		select {
		case sig := <-signals:
			_ = cmd.Process.Signal(sig) // fails only if the command has just ended
		case err := <-ended:
			return exitCode(err, stderr)
		}
	}
}

// exitCode returns the server's exit code for the end of a command.
func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}

	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		_, _ = fmt.Fprintln(stderr, "server:", err)
		return 1
	}

	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignal + int(status.Signal())
	}

	return exit.ExitCode()
}
