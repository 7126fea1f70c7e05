package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// usage is what a process has used by its end.
type usage struct {
	cpu  time.Duration // user and system
	wall time.Duration // of the calls alone, if the process reports it, otherwise of the whole process
	rss  int64         // peak, in bytes
	out  []byte
}

// processTimeout bounds each process that is measured.
const processTimeout = 10 * time.Minute

// measure runs a process to its end.
func measure(ctx context.Context, cmd *exec.Cmd) (usage, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	ctx, cancel := context.WithTimeout(ctx, processTimeout)
	defer cancel()
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, err
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	err := cmd.Wait()
	u := usage{wall: time.Since(begin), out: out.Bytes()}
	if stop(); ctx.Err() != nil {
		return u, context.Cause(ctx)
	}
	if err != nil {
		return u, fmt.Errorf("%v: %w\n%s", cmd.Args, err, tail(out.Bytes()))
	}
	rusage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return u, fmt.Errorf("this system does not report what a process has used")
	}
	u.cpu = time.Duration(rusage.Utime.Nano() + rusage.Stime.Nano())
	u.rss = int64(rusage.Maxrss)
	if runtime.GOOS != "darwin" { // which counts bytes
		u.rss <<= 10
	}
	if m := toldWall.FindSubmatch(u.out); m != nil {
		ms, _ := strconv.Atoi(string(m[1]))
		u.wall = time.Duration(ms) * time.Millisecond
	}
	return u, nil
}

var toldWall = regexp.MustCompile(`(?m)^wall (\d+)`)

// tail is the end of what a process has printed.
func tail(out []byte) []byte {
	const most = 2000
	return out[max(0, len(out)-most):]
}

// childCPU is the CPU time of all processes that have ended.
func childCPU() time.Duration {
	var own, children syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &own)
	_ = syscall.Getrusage(syscall.RUSAGE_CHILDREN, &children)
	return time.Duration(own.Utime.Nano() + own.Stime.Nano() + children.Utime.Nano() + children.Stime.Nano())
}

// machineCPU is the CPU time of the whole machine since its start, 0 if unknown.
func machineCPU() time.Duration {
	data, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	var user, nice, system, idle, iowait, irq, softirq int64
	if _, err := fmt.Sscanf(string(data), "cpu %d %d %d %d %d %d %d",
		&user, &nice, &system, &idle, &iowait, &irq, &softirq); err != nil {
		return 0
	}
	const tick = 10 * time.Millisecond
	return time.Duration(user+nice+system+irq+softirq) * tick
}
