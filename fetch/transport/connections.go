package transport

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
)

// connections are those that a client has, besides those that its workers hold: idle ones, and those that are
// net/http's. It bounds them all together, by the larger of what the client was told and how many workers it has had at
// once: with fewer, every run would connect anew.
type connections struct {
	transport *http.Transport
	idle      http1.Pool
	probed    handover

	most atomic.Int64 // the bound
	lent atomic.Int64 // len(own), for whoever gives a connection back

	mu      sync.Mutex
	own     map[*ownedConn]struct{} // net/http's
	runs    int
	workers int
	shut    bool
}

// idleTimeout is that of net/http's DefaultTransport.
const idleTimeout = 90 * time.Second

func newConnections(transport *http.Transport, brief bool) *connections {
	c := &connections{transport: transport, own: make(map[*ownedConn]struct{})}
	c.most.Store(int64(transport.MaxIdleConns))
	// What net/http keeps is bounded here: it counts neither the workers nor what the direct way keeps.
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1<<30
	if transport.IdleConnTimeout == 0 && !brief {
		// With HTTP/2 each connection has a timer then, which may keep it in memory after it was closed.
		transport.IdleConnTimeout = idleTimeout
	}
	c.idle.IdleTimeout = transport.IdleConnTimeout
	return c
}

// begin notes a run with so many workers.
func (c *connections) begin(workers int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs++
	c.workers += workers
	if most := int64(c.workers); most > c.most.Load() {
		c.most.Store(most)
	}
}

// end notes the end of a run. The last one of a client that was shut down closes all connections.
func (c *connections) end(workers int) {
	c.mu.Lock()
	c.runs--
	c.workers -= workers
	over := c.shut && c.runs == 0
	c.mu.Unlock()
	if over {
		c.closeAll()
	}
}

// keep takes a connection that a worker no longer needs.
func (c *connections) keep(key string, conn *http1.Conn) {
	c.idle.Put(key, conn, int(c.most.Load()-c.lent.Load()))
}

// lend makes a connection net/http's. Where there would be too many, idle ones go first.
func (c *connections) lend(conn *ownedConn) {
	c.makeRoom()
	conn.owner.Store(c) // before anybody can find it in the list, and close it
	c.mu.Lock()
	c.own[conn] = struct{}{}
	c.lent.Store(int64(len(c.own)))
	late := c.shut && c.runs == 0
	c.mu.Unlock()
	if late { // net/http goes on dialing when nobody waits any longer
		_ = conn.Close()
	}
}

func (c *connections) makeRoom() {
	most := c.most.Load()
	if c.lent.Load() >= most {
		c.transport.CloseIdleConnections()
	}
	c.idle.Trim(int(max(most-c.lent.Load()-1, 0)))
}

func (c *connections) forget(conn *ownedConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.own, conn)
	c.lent.Store(int64(len(c.own)))
}

// closeIdle closes what is not in use.
func (c *connections) closeIdle() {
	c.idle.CloseIdle()
	c.probed.close()
	c.transport.CloseIdleConnections()
}

// shutdown closes all connections, now or when the last run has ended.
func (c *connections) shutdown() {
	c.mu.Lock()
	c.shut = true
	over := c.runs == 0
	c.mu.Unlock()
	if over {
		c.closeAll()
	} else {
		c.closeIdle()
	}
}

// closeAll closes what is idle, and what net/http has not let go of: a connection of HTTP/2 on which a stream that
// was cut off is still being torn down is not idle yet, and net/http does not look again. It is asked again for a
// moment, because it keeps what is closed behind its back in memory for seconds.
func (c *connections) closeAll() {
	c.closeIdle()
	for turn := 0; c.lent.Load() > 0 && turn < closeTurns; turn++ {
		time.Sleep(closeTurn)
		c.transport.CloseIdleConnections()
	}
	c.mu.Lock()
	left := make([]*ownedConn, 0, len(c.own))
	for conn := range c.own {
		left = append(left, conn)
	}
	c.mu.Unlock()
	for _, conn := range left {
		_ = conn.Close()
	}
}

const (
	closeTurn  = time.Millisecond
	closeTurns = 20
)

// ownedConn is a connection that net/http has, or may get.
type ownedConn struct {
	guardedConn

	owner atomic.Pointer[connections] // nil: it is not net/http's
}

// Close implements net.Conn.
func (c *ownedConn) Close() error {
	if owner := c.owner.Swap(nil); owner != nil {
		owner.forget(c)
	}
	return c.guardedConn.Close()
}

// Read implements net.Conn. A panic must not be that of net/http's goroutine.
func (c *ownedConn) Read(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.Conn.Read(p)
}

// Write implements net.Conn, as Read does.
func (c *ownedConn) Write(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.Conn.Write(p)
}
