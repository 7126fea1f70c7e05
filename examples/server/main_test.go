package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/xk6-fetch/xk6-fetch/examples/server/site"
)

// The test binary is also the command that the server runs, or the server itself, as this variable says.
const role = "DEMO_SERVER_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		os.Exit(m.Run())
	case "server":
		_ = os.Setenv(role, "command")
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	case "command":
		os.Exit(testCommand(os.Args[1:]))
	}
}

// testCommand does what its first argument says.
func testCommand(args []string) int {
	switch args[0] {
	case "exit":
		var code int
		_, _ = fmt.Sscan(args[1], &code)
		return code
	case "print":
		for _, name := range args[1:] {
			fmt.Println(os.Getenv(name))
		}
	case "get":
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, os.Getenv("BASE_URL")+args[1], nil)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return 1
		}
		defer func() { _ = resp.Body.Close() }()
		_, _ = io.Copy(os.Stdout, resp.Body)
	case "trap":
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
		fmt.Println("ready")
		fmt.Println(<-signals)
		return 99
	case "die":
		fmt.Println("ready")
		select {}
	}

	return 0
}

func TestEnvironment(t *testing.T) {
	t.Parallel()

	pages := []site.Page{{Path: "/a"}, {Path: "/b"}}

	cases := []struct {
		name string
		env  []string
		want string
	}{
		{"empty", nil, "base http://h:1 urls http://h:1/a,http://h:1/b shop http://h:1/shop/"},
		{"base URL of the user", []string{"BASE_URL=x"}, "base http://h:1 urls http://h:1/a,http://h:1/b shop http://h:1/shop/"},
		{"URLs of the user", []string{"URLS=https://own.example"}, "base http://h:1 urls https://own.example shop http://h:1/shop/"},
		{"shop of the user", []string{"SHOP=https://own.example"}, "base http://h:1 urls http://h:1/a,http://h:1/b shop https://own.example"},
	}

	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			got := map[string]string{}
			for _, entry := range environment(c.env, "http://h:1", "https://h:2", pages) {
				name, value, _ := strings.Cut(entry, "=")
				got[name] = value
			}

			if want := "https://h:2/a,https://h:2/b"; got["SECURE_URLS"] != want {
				t.Errorf("got  %s\nwant %s", got["SECURE_URLS"], want)
			}

			if s := "base " + got["BASE_URL"] + " urls " + got["URLS"] + " shop " + got["SHOP"]; s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

// server returns the server as a command for a process of its own.
func server(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()

	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append(os.Environ(), role+"=server", "URLS=")

	return cmd
}

func TestExitCode(t *testing.T) {
	t.Parallel()

	cases := []struct {
		name string
		args []string
		code int
		out  string // how the output ends
	}{
		{"success", []string{"--", os.Args[0], "exit", "0"}, 0, " s\n"},
		{"the shop", []string{"--", os.Args[0], "get", "/shop/basket.json"}, 0, `{"items":2,"total":194}` + "\n"},
		{"a code of its own", []string{"--", os.Args[0], "exit", "99"}, 99, " s\n"},
		{"without the dashes", []string{os.Args[0], "exit", "7"}, 7, " s\n"},
		{"the page", []string{"--", os.Args[0], "get", "/search"}, 0, "<h1>search</h1>\n"},
		{"no such command", []string{"--", "./no-such-command"}, 127, "no such file or directory\n"},
		{"unknown flag", []string{"-verbose"}, 2, "listen on; 0 takes a free one\n"},
		{"help", []string{"-help"}, 0, "listen on; 0 takes a free one\n"},
		{"no port", []string{"-port", "70000"}, 1, "invalid port\n"},
	}

	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			cmd := server(t, c.args...)
			out, err := cmd.CombinedOutput()

			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d (%v)\n%s", code, c.code, err, out)
			}

			if !strings.HasSuffix(string(out), c.out) {
				t.Errorf("output %q, want it to end in %q", out, c.out)
			}
		})
	}
}

func TestCommandFindsThePages(t *testing.T) {
	t.Parallel()

	cmd := server(t, "--", os.Args[0], "print", "BASE_URL", "URLS", "SHOP")
	cmd.Env = append(cmd.Env, "URLS=https://own.example")

	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}

	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	base, urls, front := lines[len(lines)-3], lines[len(lines)-2], lines[len(lines)-1]

	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}

	if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
		t.Errorf("BASE_URL is %q, want it on loopback", base)
	}

	if urls != "https://own.example" {
		t.Errorf("URLS is %q, want the user's", urls)
	}

	if front != base+"/shop/" {
		t.Errorf("SHOP is %q, want it at %s", front, base)
	}
}

// A client of localhost may try ::1 first.
func TestServerListensOnBothAddresses(t *testing.T) {
	t.Parallel()

	if probe, err := new(net.ListenConfig).Listen(t.Context(), "tcp6", "[::1]:0"); err != nil {
		t.Skip("no IPv6 here:", err)
	} else if err := probe.Close(); err != nil {
		t.Fatal(err)
	}

	base, stop, err := serve(0)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()

	for _, target := range []string{base, strings.Replace(base, "127.0.0.1", "[::1]", 1)} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target+"/shop/basket.json", nil)
		if err != nil {
			t.Fatal(err)
		}

		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}

		if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d, %v", target, response.StatusCode, err)
		}
	}
}

// Who takes a port that another server has gets an error, and not half a server.
func TestServerNeedsItsPort(t *testing.T) {
	t.Parallel()

	base, stop, err := serve(0)
	if err != nil {
		t.Fatal(err)
	}
	defer stop()

	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}

	var port uint
	_, _ = fmt.Sscan(u.Port(), &port)

	if _, _, err := serve(port); err == nil {
		t.Error("two servers on one port")
	}
}

func TestSignals(t *testing.T) {
	t.Parallel()

	cases := []struct {
		name    string
		command string
		signal  syscall.Signal
		code    int
		out     string
	}{
		{"interrupt", "trap", syscall.SIGINT, 99, "interrupt"},
		{"terminate", "trap", syscall.SIGTERM, 99, "terminated"},
		{"a command that dies of it", "die", syscall.SIGTERM, 128 + int(syscall.SIGTERM), ""},
	}

	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()

			cmd := server(t, "--", os.Args[0], c.command)
			out := &lineWaiter{line: "ready\n", seen: make(chan struct{})}
			cmd.Stdout, cmd.Stderr = out, out

			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}

			select {
			case <-out.seen:
			case <-t.Context().Done():
				t.Fatal("the command never became ready")
			}

			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}

			err := cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d (%v)\n%s", code, c.code, err, out.buf.String())
			}

			if !strings.HasSuffix(strings.TrimSpace(out.buf.String()), c.out) {
				t.Errorf("output %q, want it to end in %q", out.buf.String(), c.out)
			}
		})
	}
}

// lineWaiter keeps what is written, and closes seen once that contains line. One goroutine writes; others read after
// Wait.
type lineWaiter struct {
	buf  bytes.Buffer
	line string
	seen chan struct{}
	done bool
}

func (w *lineWaiter) Write(p []byte) (int, error) {
	n, err := w.buf.Write(p)
	if !w.done && strings.Contains(w.buf.String(), w.line) {
		w.done = true
		close(w.seen)
	}

	return n, err
}
