package transport

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// connections are the connections of a client, except those that its workers hold: idle ones, and those of net/http. It
// bounds them all together. The bound is the larger of MaxIdleConns and the largest number of workers at once, because
// with fewer, every run would connect anew.
type connections struct {
	netHTTP *netHTTP
	idle    http1.Pool
	http2   mux.Pool[*http2.Conn]
	http3   mux.Pool[*quicConn]

	most atomic.Int64 // the bound
	lent atomic.Int64 // what count counts, for whoever gives a connection back

	mu      sync.Mutex
	own     map[lentConn]struct{} // those that many share, and net/http's
	made    int                   // under way, for somebody to lend
	runs    int
	workers int
	shut    bool
}

// idleTimeout is that of net/http's DefaultTransport.
const idleTimeout = 90 * time.Second

func newConnections(transport *http.Transport, all *netHTTP, brief bool) *connections {
	c := &connections{netHTTP: all, own: make(map[lentConn]struct{})}
	c.most.Store(int64(transport.MaxIdleConns))
	// connections bounds what net/http keeps, because net/http counts neither the workers nor the idle connections of the
	// direct way.
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1<<30
	if transport.IdleConnTimeout == 0 && !brief {
		// With a timeout, each HTTP/2 connection has a timer, which may keep it in memory after it was closed.
		transport.IdleConnTimeout = idleTimeout
	}
	idle := transport.IdleConnTimeout
	c.idle.IdleTimeout, c.http2.IdleTimeout, c.http3.IdleTimeout = idle, idle, idle
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

// end notes the end of a run. The last run of a client that was shut down closes all connections.
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

// reserve makes room for a connection before it is made: if there are too many, idle ones are closed. The caller must
// call unreserve, once the connection was lent or is not to be.
func (c *connections) reserve() {
	c.mu.Lock()
	c.made++
	c.count()
	c.mu.Unlock()
	most := int(c.most.Load())
	if int(c.lent.Load()) > most {
		c.netHTTP.CloseIdleConnections()
	}
	trim(&c.http2, int(c.lent.Load())-most)
	trim(&c.http3, int(c.lent.Load())-most)
	c.idle.Trim(max(most-int(c.lent.Load()), 0))
}

// trim closes so many connections of a pool, if so many are idle.
func trim[C mux.Conn](pool *mux.Pool[C], excess int) {
	if excess > 0 {
		pool.Trim(max(pool.Len()-excess, 0))
	}
}

func (c *connections) unreserve() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made--
	c.count()
}

// count is called when what it counts has changed. The lock is held.
func (c *connections) count() { c.lent.Store(int64(len(c.own) + c.made)) }

// lentConn is a connection that several requests use at once, or that net/http has.
type lentConn interface{ Close() error }

// lend counts a connection that many share, or one that net/http gets.
func (c *connections) lend(conn lentConn) {
	if owned, ok := conn.(*ownedConn); ok {
		owned.owner.Store(c) // before anybody can find it in the list and close it
	}
	c.mu.Lock()
	c.own[conn] = struct{}{}
	c.count()
	late := c.shut && c.runs == 0
	c.mu.Unlock()
	if late { // net/http goes on dialing when nobody waits any more
		_ = conn.Close()
	}
}

func (c *connections) forget(conn lentConn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.own, conn)
	c.count()
}

// closeIdle closes idle connections.
func (c *connections) closeIdle() {
	c.idle.CloseIdle()
	c.closeIdleShared()
	c.netHTTP.CloseIdleConnections()
}

func (c *connections) closeIdleShared() {
	c.http2.CloseIdle()
	c.http3.CloseIdle()
}

// shutdown closes all connections, now or when the last run ends.
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

// closeAll closes idle connections, and those that net/http has not released. An HTTP/2 connection is not idle while a
// stream that was cut off is being torn down, and net/http does not look again by itself. So it is asked again for a
// moment: otherwise it keeps the closed connection in memory for seconds.
func (c *connections) closeAll() {
	c.closeIdle()
	for turn := 0; c.lent.Load() > 0 && turn < closeTurns; turn++ {
		time.Sleep(closeTurn)
		c.netHTTP.CloseIdleConnections()
	}
	c.mu.Lock()
	left := make([]lentConn, 0, len(c.own))
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

// ownedConn is a connection over TCP that is lent.
type ownedConn struct {
	guardedConn

	owner atomic.Pointer[connections] // nil: it is not counted
}

// Close implements net.Conn.
func (c *ownedConn) Close() error {
	if owner := c.owner.Swap(nil); owner != nil {
		owner.forget(c)
	}
	return c.guardedConn.Close()
}

// Read implements net.Conn. A panic must not end the goroutine of net/http.
func (c *ownedConn) Read(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.Conn.Read(p)
}

// Write implements net.Conn, as Read does.
func (c *ownedConn) Write(p []byte) (n int, err error) {
	defer crash.To(&err)
	return c.Conn.Write(p)
}
