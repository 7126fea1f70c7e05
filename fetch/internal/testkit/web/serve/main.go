// Serve runs a command while the servers of the script tests are up, and exits as the command does:
//
//	go run ./fetch/internal/testkit/web/serve ./k6 run fetch/js/testdata/run.test.js
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func main() {
	if len(os.Args) < 2 { //nolint:mnd // the name of the program, and a command
		fmt.Fprintln(os.Stderr, "usage: serve COMMAND [ARGUMENT...]")
		os.Exit(2) //nolint:mnd // as flag does
	}
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	site := web.StartSite()
	defer site.Close()
	cmd := exec.Command(args[0], args[1:]...) // #nosec G204 G702 -- it is for running what it is given, to its end
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), site.Env()...)
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
