package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// link connects two network namespaces. It drops a share of the packets, of TCP and of UDP alike, and delays the others.
// Many kernels lack netem, which would do the same, so the link is two TUN devices that this program reads and writes.
type link struct {
	ends   [2]linkEnd
	relays sync.WaitGroup
}

// linkEnd is one side: a device in a namespace of its own.
type linkEnd struct {
	namespace, device, addr string
	packets                 *os.File
}

const (
	linkPort  = "4433"
	linkMTU   = 1500
	linkQueue = 1 << 14 // packets that are under way
)

// newLink makes a link, with the client at the first end. It fails without the rights of root.
func newLink(ctx context.Context) (*link, error) {
	if os.Geteuid() != 0 {
		return nil, fmt.Errorf("it makes network namespaces, which needs root")
	}
	l := &link{}
	for i := range l.ends {
		e := &l.ends[i]
		id := fmt.Sprintf("fb%d-%d", os.Getpid(), i)
		e.namespace, e.device, e.addr = id, fmt.Sprintf("fb%d", i), fmt.Sprintf("198.18.0.%d", i+1) // RFC 2544
		if err := e.open(ctx, id[:min(len(id), unix.IFNAMSIZ-1)]); err != nil {
			l.close()
			return nil, err
		}
	}
	l.relay(l.ends[0].packets, l.ends[1].packets)
	l.relay(l.ends[1].packets, l.ends[0].packets)
	return l, nil
}

// open makes the device under a name that is its own, and moves it to its namespace.
func (e *linkEnd) open(ctx context.Context, name string) error {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("/dev/net/tun: %w", err)
	}
	req, err := unix.NewIfreq(name)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err != nil {
		_ = unix.Close(fd)
		return fmt.Errorf("a TUN device: %w", err)
	}
	e.packets = os.NewFile(uintptr(fd), name)
	for _, args := range []string{
		"ip netns add " + e.namespace,
		"ip link set " + name + " netns " + e.namespace + " name " + e.device,
		"ip -n " + e.namespace + " addr add " + e.addr + "/24 dev " + e.device,
		"ip -n " + e.namespace + " link set lo up",
		fmt.Sprintf("ip -n %s link set %s up mtu %d txqueuelen %d", e.namespace, e.device, linkMTU, linkQueue),
	} {
		words := strings.Fields(args)
		if out, err := exec.CommandContext(ctx, words[0], words[1:]...).CombinedOutput(); err != nil { // #nosec G204 -- above
			return fmt.Errorf("%s: %w: %s", args, err, bytes.TrimSpace(out))
		}
	}
	return nil
}

// packet is under way until its time.
type packet struct {
	due  time.Time
	data []byte
}

// relay passes packets on in one direction, until the devices are closed.
func (l *link) relay(from, to *os.File) {
	queue := make(chan packet, linkQueue)
	l.relays.Go(func() {
		defer close(queue)
		buf := make([]byte, 1<<16)
		for {
			n, err := from.Read(buf)
			if err != nil {
				return
			}
			if rand.Float64() < lossShare { // #nosec G404 -- no secret
				continue
			}
			queue <- packet{time.Now().Add(lossDelay * time.Millisecond), bytes.Clone(buf[:n])}
		}
	})
	l.relays.Go(func() {
		for p := range queue {
			time.Sleep(time.Until(p.due))
			_, _ = to.Write(p.data) // one that is refused is lost
		}
	})
}

// listenTCP listens with the congestion control that quic-go has, even if somebody has chosen another for the machine.
func listenTCP(addr string) (net.Listener, error) {
	cfg := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		if e := c.Control(func(fd uintptr) {
			err = unix.SetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION, "cubic") // #nosec G115 -- a number of a file
		}); e != nil {
			return e
		}
		if errors.Is(err, unix.EPERM) { // without the rights of root, which the link needs anyway
			return nil
		}
		return err
	}}
	return cfg.Listen(context.Background(), "tcp", addr)
}

// server is the address of the server.
func (l *link) server() string { return l.ends[1].addr + ":" + linkPort }

// atServer is what to run the server with.
func (l *link) atServer() []string { return []string{"ip", "netns", "exec", l.ends[1].namespace} }

// atClient has a client run at its end.
func (l *link) atClient(cmd func() *exec.Cmd) func() *exec.Cmd {
	return func() *exec.Cmd {
		inner := cmd()
		outer := exec.Command("ip", append([]string{"netns", "exec", l.ends[0].namespace}, inner.Args...)...) // #nosec G204 -- ours
		outer.Env = inner.Env
		return outer
	}
}

// close removes the link.
func (l *link) close() {
	for i := range l.ends {
		if l.ends[i].packets != nil {
			_ = l.ends[i].packets.Close()
		}
	}
	l.relays.Wait()
	for i := range l.ends {
		_ = exec.Command("ip", "netns", "delete", l.ends[i].namespace).Run() // #nosec G204 -- ours
	}
}
