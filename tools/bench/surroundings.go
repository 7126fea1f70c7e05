package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"time"
)

// meter has what the machine had used when the measurements began.
type meter struct {
	at            time.Time
	ours, machine time.Duration
}

func newMeter() meter { return meter{at: time.Now(), ours: childCPU(), machine: machineCPU()} }

// surroundings describes the machine, the versions and the load.
func (b *bench) surroundings(ctx context.Context, begin meter) []string {
	elapsed := time.Since(begin.at)
	lines := []string{
		fmt.Sprintf("`%s`, %s, server: %s", firstLine(ctx, b.k6Path, "version"), runtime.Version(), b.server.what),
		fmt.Sprintf("%s, %d CPUs, %s/%s, %s", cpuModel(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, kernel(ctx)),
		fmt.Sprintf("%s, %d pairs of each, in %s", begin.at.UTC().Format(time.DateOnly), b.rounds, elapsed.Round(time.Second)),
	}
	if begin.machine > 0 {
		all := elapsed * time.Duration(runtime.NumCPU())
		others := machineCPU() - begin.machine - (childCPU() - begin.ours)
		share := max(0, 100*others.Seconds()/all.Seconds())
		line := fmt.Sprintf("other programs used %.0f %% of the machine's CPUs meanwhile", share)
		if share >= 10 {
			line += ": it was shared, which widens the spread"
		}
		lines = append(lines, line)
	}
	return lines
}

func firstLine(ctx context.Context, name string, args ...string) string {
	out, _ := exec.CommandContext(ctx, name, args...).Output() // #nosec G204 -- named above
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line)
}

func kernel(ctx context.Context) string { return firstLine(ctx, "uname", "-sr") }

func cpuModel() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err == nil {
		if m := regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`).FindSubmatch(data); m != nil {
			return string(m[1])
		}
	}
	return runtime.GOARCH
}
