package main

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// findChromium finds a browser for k6/browser, "" if there is none.
func findChromium() string {
	paths := []string{os.Getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}
	found := slices.IndexFunc(paths, func(path string) bool {
		info, err := os.Stat(path) // #nosec G703 -- a tool, run by developers on their own machine
		return err == nil && !info.IsDir()
	})
	if found < 0 {
		return ""
	}
	return paths[found]
}

// compareWithBrowser compares a visit with what k6/browser does: the same page, in Chromium.
func (b *bench) compareWithBrowser(ctx context.Context, name string) error {
	const pages = 10
	chromium := findChromium()
	if chromium == "" {
		b.skip("k6/browser: no Chromium is installed")
		return nil
	}
	l := pageLoad{Base: b.server.url(b.server.Ports.Plain), Resources: pageResources(), Calls: pages, Concurrency: 6}
	inBrowser := func(name string, empty *way) *way {
		l := l
		l.Way = name
		run := b.k6Run("browser.js", l)
		return &way{name: "k6/browser", count: pages, empty: empty, orphans: true, cmd: func() *exec.Cmd {
			cmd := run()
			cmd.Env = append(cmd.Env,
				"K6_BROWSER_EXECUTABLE_PATH="+chromium, "K6_BROWSER_ARGS=no-sandbox", "K6_BROWSER_HEADLESS=true")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // k6 ends the group that its browser is in
			return cmd
		}}
	}
	l.Calls = urlsPerCall
	visiting := func(name string, empty *way) *way {
		l := l
		l.Way = name
		return &way{name: "this extension, page()", count: l.Calls, empty: empty, cmd: b.k6Run("page.js", l)}
	}
	visit := visiting("page", visiting("empty", nil))
	l.Calls = pages
	browser := inBrowser("browser", inBrowser("blank", nil))
	s, err := b.run(ctx, name, min(b.rounds, 3), visit, browser) //nolint:mnd // it takes long, and the difference is large
	if err != nil {
		return err
	}
	b.report.add(row{what: "CPU of a page in k6/browser, page() = 1", values: cpuRatio(s, browser, visit)})
	b.report.detail(name+", per page", s, visit, browser)
	return nil
}

// adopt makes this program the parent of processes whose parents end, so that what they have used is known.
func adopt() {
	const setChildSubreaper = 36 // PR_SET_CHILD_SUBREAPER
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0)
}

// reapOrphans waits for the processes that a measured one has left behind, and returns what they have used.
func reapOrphans() (cpu time.Duration) {
	const (
		patience = 10 * time.Second
		pause    = 20 * time.Millisecond
		quiet    = 25 // pauses without any that ends
	)
	for idle, begin := 0, time.Now(); idle < quiet && time.Since(begin) < patience; idle++ {
		var status syscall.WaitStatus
		var used syscall.Rusage
		for {
			pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, &used)
			if err != nil || pid <= 0 {
				break
			}
			cpu += time.Duration(used.Utime.Nano() + used.Stime.Nano())
			idle = 0
		}
		time.Sleep(pause)
	}
	return cpu
}
