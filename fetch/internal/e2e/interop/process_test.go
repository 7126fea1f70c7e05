//go:build unix

package interop

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// root is the folder of the repository.
const root = "../../../.."

// program finds a program, and skips the test if there is none.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, path := range []string{name, filepath.Join("/usr/sbin", name)} {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
	}
	lacking(t, name)
	return ""
}

// program3 finds a program that speaks HTTP/3, the system's or that of .ci/servers. It asks the program for its features.
// It skips the test if there is none.
func program3(t *testing.T, name, ask, feature string) string {
	t.Helper()
	for _, path := range []string{name, filepath.Join("/usr/sbin", name), filepath.Join(root, "build/servers/bin", name)} {
		found, err := exec.LookPath(path)
		if err != nil {
			continue
		}
		said, err := exec.CommandContext(t.Context(), found, ask).CombinedOutput()
		if err == nil && bytes.Contains(said, []byte(feature)) {
			found, err = filepath.Abs(found)
			require.NoError(t, err)
			return found
		}
	}
	if system, _ := os.ReadFile("/etc/os-release"); !bytes.Contains(system, []byte("\nID=debian\n")) {
		t.Skipf("%s with HTTP/3: .ci/servers has none for this system", name)
	}
	lacking(t, name+" with HTTP/3")
	return ""
}

// lacking skips the test, unless SERVERS says that all servers were installed.
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("SERVERS") != "" {
		t.Fatalf("%s: not installed: see .ci/servers", what)
	}
	t.Skipf("%s: not installed", what)
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
}

// process is how to start a server.
type process struct {
	name, path string // path is empty for that of the system
	version    string // is the argument that it says its version for, empty if there is none
	http3      bool
	both       bool // says that it speaks HTTP/2 as well, and begins with HTTP/3
	dir        string
	args       func(port string) []string
	// log is the file in which each request is one line that has line in it.
	log, line string
	// goAway is the signal that makes it end its connections in an orderly way. 0: there is none.
	goAway syscall.Signal
	// stop is the signal that makes it close its connections and end. 0: it is killed, and can tell clients afterwards
	// that it has forgotten them.
	stop syscall.Signal
}

// start starts a server and waits until it listens. Its port is free when it is chosen, but may be taken before the
// server has it: then there is another try.
func (p process) start(t *testing.T) *server {
	t.Helper()
	if p.path == "" {
		p.path = program(t, p.name)
	}
	if p.version != "" {
		said, err := exec.CommandContext(t.Context(), p.path, p.version).CombinedOutput()
		require.NoError(t, err, string(said))
		first, _, _ := strings.Cut(string(said), "\n")
		t.Log(p.name, first)
	}
	for range 5 {
		port := freePort(t)
		running := p.run(t, port)
		if running == nil {
			continue
		}
		addr := net.JoinHostPort("127.0.0.1", port)
		s := &server{http3: p.http3, base: "https://" + addr, seen: func() int {
			content, _ := os.ReadFile(filepath.Join(p.dir, p.log))
			return bytes.Count(content, []byte(p.line))
		}}
		s.addr.Store(addr)
		if p.goAway != 0 {
			s.goAway = func() { _ = running.cmd.Process.Signal(p.goAway) }
		}
		if p.http3 {
			s.restart = func() {
				if p.stop != 0 {
					_ = running.cmd.Process.Signal(p.stop)
					<-running.ended
				}
				running.kill()
				running = p.run(t, port)
				require.NotNil(t, running)
			}
		}
		return s
	}
	said, _ := os.ReadFile(filepath.Join(p.dir, "out.log"))
	require.Fail(t, p.name+" does not start", string(said))
	return nil
}

// running is a process that runs.
type running struct {
	cmd   *exec.Cmd
	ended chan struct{}
}

// kill kills it and all that it has started.
func (r *running) kill() {
	_ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL)
	<-r.ended
}

// run starts the process, which ends with the test, and waits until it listens. It returns nil if it does not.
func (p process) run(t *testing.T, port string) *running {
	t.Helper()
	out, err := os.OpenFile(filepath.Join(p.dir, "out.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	require.NoError(t, err)
	cmd := exec.Command(p.path, p.args(port)...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, cmd.Start())
	_ = out.Close()
	r := &running{cmd: cmd, ended: make(chan struct{})}
	go func() {
		defer close(r.ended)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		r.kill()
		if t.Failed() {
			said, _ := os.ReadFile(filepath.Join(p.dir, "out.log"))
			t.Logf("%s says: %.2000s", p.name, said)
		}
	})
	listening := listens
	if p.http3 && !p.both {
		listening = listens3
	}
	if !listening(net.JoinHostPort("127.0.0.1", port), r.ended) {
		return nil
	}
	return r
}

// listens waits until a server listens, and reports whether it does.
func listens(addr string, ended chan struct{}) bool {
	for range 1000 {
		conn, err := net.Dial("tcp4", addr)
		if err == nil {
			_ = conn.Close()
			return true
		}
		select {
		case <-ended:
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return false
}

// listens3 does so for a server of HTTP/3. Any answers a version of QUIC that nobody speaks with those that it does (RFC
// 9000, section 6).
func listens3(addr string, ended chan struct{}) bool {
	const smallest, fixed, version, idSize = 1200, 0xc0, 0x1a2a3a4a, 8 // section 14.1; sections 15 and 17.2
	hello := binary.BigEndian.AppendUint32([]byte{fixed}, version)
	for id := range 2 { // whom it is for, and whom it is from
		hello = append(append(hello, idSize), bytes.Repeat([]byte{byte('a' + id)}, idSize)...)
	}
	hello = append(hello, make([]byte, smallest-len(hello))...)
	conn, err := net.Dial("udp4", addr)
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	for range 1000 {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err = conn.Write(hello); err == nil {
			_, err = conn.Read(make([]byte, smallest))
		}
		if err == nil {
			return true
		}
		select {
		case <-ended:
			return false
		default:
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) { // nothing listens there yet
			time.Sleep(10 * time.Millisecond)
		}
	}
	return false
}

// freePort returns a port that is free now, below those that the system gives to clients.
func freePort(t *testing.T) string {
	t.Helper()
	for {
		port := strconv.Itoa(20_000 + rand.IntN(12_000))
		l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", port))
		if err != nil {
			continue
		}
		pc, err := net.ListenPacket("udp4", net.JoinHostPort("127.0.0.1", port))
		require.NoError(t, l.Close())
		if err != nil {
			continue
		}
		require.NoError(t, pc.Close())
		return port
	}
}

// tlsConfig trusts any server.
func tlsConfig() *tls.Config { return &tls.Config{InsecureSkipVerify: true} }
