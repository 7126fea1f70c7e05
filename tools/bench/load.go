package main

import (
	"encoding/json"
	"os"
	"os/exec"
)

// load is the input of the script in k6.
type load struct {
	Way         string `json:"way"` // empty, batch or fetch
	Base        string `json:"base"`
	URLs        int    `json:"urls"` // in each call
	Calls       int    `json:"calls"`
	VUs         int    `json:"vus"` // that share the calls; 0: one
	Concurrency int    `json:"concurrency"`
	Distinct    bool   `json:"distinct"` // reports whether all calls have different URLs
	Grouped     bool   `json:"grouped"`  // reports whether all URLs have one name
	Expect      string `json:"expect"`   // a text that bodies must contain, if any
	Tracing     bool   `json:"tracing"`
	Version     string `json:"version"` // of HTTP; "": what the server prefers
}

// k6 is a way that runs the script in k6.
func (b *bench) k6(l load, name string, empty *way) *way {
	return &way{name: name, count: l.URLs * l.Calls, empty: empty, cmd: b.k6Run("k6.js", l)}
}

// k6Run runs a script in k6, with its load in the environment.
func (b *bench) k6Run(script string, load any, flags ...string) func() *exec.Cmd {
	input, err := json.Marshal(load)
	if err != nil {
		panic(err) // a load can always be marshaled
	}
	args := append([]string{"run", "--quiet", "--no-color", "--log-format=raw", "--address=", b.script(script)}, flags...)
	return func() *exec.Cmd {
		cmd := exec.Command(b.k6Path, args...) // #nosec G204 -- a tool, run by developers on their own machine
		cmd.Env = append(os.Environ(), "BENCH="+string(input), "K6_NO_USAGE_REPORT=true", "HOME="+b.dir)
		return cmd
	}
}

// pair is the same load by fetch and by http.batch, with the empty run, in which the script only lists its URLs.
func (b *bench) pair(l load) (fetch, batch *way) {
	one := func(name string, empty *way) *way {
		l := l
		l.Way = name
		return b.k6(l, name, empty)
	}
	empty := one("empty", nil)
	return one("fetch", empty), one("batch", empty)
}
