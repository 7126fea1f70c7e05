package fetch_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/xk6-fetch/xk6-fetch/fetch"
)

// network connects clients to a server in memory. In a bubble of testing/synctest, the clock stands still while anybody
// is busy, and jumps when all wait. So times are exact, and hours take no time.
type network struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

// address is what connections of the network give as their addresses.
//
//nolint:gochecknoglobals // a constant
var address = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}

// bubbled is a test in a bubble, and the client of a server in it.
type bubbled struct {
	*testing.T

	client *fetch.Client
}

// bubble runs a test in a bubble.
func bubble(t *testing.T, handler http.HandlerFunc, test func(bubbled)) {
	t.Helper()
	bubbleWith(t, fetch.Config{}, handler, test)
}

// bubbleWith is bubble with a client of the given configuration.
func bubbleWith(t *testing.T, cfg fetch.Config, handler http.HandlerFunc, test func(bubbled)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n := &network{conns: make(chan net.Conn), done: make(chan struct{})}
		srv := &http.Server{Handler: handler}
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			_ = srv.Serve(n)
		}()
		cfg.Dial = n.dial
		client := fetch.NewClient(cfg)
		defer func() {
			client.Close()
			_ = srv.Close()
			<-stopped
		}()
		test(bubbled{t, client})
	})
}

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case n.conns <- pipe{there}:
		return pipe{here}, nil
	case <-n.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.conns:
		return conn, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (n *network) Close() error {
	n.once.Do(func() { close(n.done) })
	return nil
}

// Addr implements net.Listener.
func (n *network) Addr() net.Addr { return address }

type pipe struct{ net.Conn }

func (pipe) RemoteAddr() net.Addr { return address }
