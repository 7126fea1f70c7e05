package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// peers returns other clients to compare with, at the same concurrency. It notes those that are not installed.
func (b *bench) peers(ctx context.Context, count int) []*way {
	url := b.server.url(b.server.Ports.Plain) + "/1"
	ways := []*way{}
	if hey := b.tool("hey"); hey != "" {
		ways = append(ways, &way{name: "hey " + version(hey), count: count, cmd: func() *exec.Cmd {
			return exec.Command(hey, "-n", strconv.Itoa(count), "-c", strconv.Itoa(bareConcurrency), url) // #nosec G204 -- ours
		}})
	}
	if vegeta := b.tool("vegeta"); vegeta != "" {
		ways = append(ways, b.vegeta(vegeta, url))
	}
	for _, p := range []struct {
		module string
		count  int
	}{{"aiohttp", count / 4}, {"requests", count / 15}} { // they are slow
		python, version := findPython(ctx, p.module)
		if python == "" {
			b.skip("%s: no Python with it is installed", p.module)
			continue
		}
		of := func(count int, empty *way) *way {
			return &way{name: p.module + " " + version, count: count, empty: empty, cmd: func() *exec.Cmd {
				return exec.Command(python, b.script(p.module+"_client.py"), url, strconv.Itoa(count), // #nosec G204 -- looked up
					strconv.Itoa(bareConcurrency))
			}}
		}
		ways = append(ways, of(p.count, of(0, nil)))
	}
	return ways
}

// vegeta runs for a fixed time, as fast as it can, and records each request. Its report has their number.
func (b *bench) vegeta(program, url string) *way {
	results := filepath.Join(b.dir, "vegeta.bin")
	targets := filepath.Join(b.dir, "vegeta.txt")
	if err := os.WriteFile(targets, []byte("GET "+url+"\n"), 0o600); err != nil {
		panic(err)
	}
	n := strconv.Itoa(bareConcurrency)
	return &way{
		name: "vegeta " + version(program),
		cmd: func() *exec.Cmd {
			return exec.Command(program, "attack", "-rate=0", "-duration=2s", "-max-body=0", // #nosec G204 -- ours
				"-workers="+n, "-max-workers="+n, "-connections="+n, "-targets="+targets, "-output="+results)
		},
		counted: func([]byte) (int, error) {
			out, err := exec.Command(program, "report", "-type=json", results).Output() // #nosec G204 -- ours
			if err != nil {
				return 0, err
			}
			var report struct {
				Requests int     `json:"requests"`
				Success  float64 `json:"success"`
			}
			if err := json.Unmarshal(out, &report); err != nil {
				return 0, err
			}
			if report.Requests == 0 || report.Success < 1 {
				return 0, fmt.Errorf("%d requests, %.3f of them successful", report.Requests, report.Success)
			}
			return report.Requests, nil
		},
	}
}

// tool is the path of a program that was built for the comparison, "" if it was not built.
func (b *bench) tool(name string) string {
	path := filepath.Join(b.tools, name)
	if _, err := os.Stat(path); err != nil {
		b.skip("%s: not built", name)
		return ""
	}
	return path
}

// version is the version of a Go program.
func version(path string) string {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}

// findPython finds a Python that has the module.
func findPython(ctx context.Context, module string) (path, version string) {
	for _, python := range []string{"python3", "/usr/bin/python3", "python"} {
		out, err := exec.CommandContext(ctx, python, "-c", "import "+module+" as m; print(m.__version__)").Output() // #nosec G204 -- see above
		if err == nil {
			return python, string(bytes.TrimSpace(out))
		}
	}
	return "", ""
}
