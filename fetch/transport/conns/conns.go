// Package conns keeps the connections of a client: idle ones of HTTP/1.1, and those that many requests share.
package conns

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http1"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/http2"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/mux"
)

// NetHTTP is what keeps the connections of net/http.
type NetHTTP interface{ CloseIdleConnections() }

// Conns are the connections of a client, except those that its workers hold: idle ones, and those of net/http. It
// bounds them all together. The bound is the larger of MaxIdleConns and the largest number of workers at once, because
// with fewer, every run would connect anew.
type Conns struct {
	// Idle are those of HTTP/1.1. HTTP2 and HTTP3 are shared.
	Idle  http1.Pool
	HTTP2 mux.Pool[*http2.Conn]
	HTTP3 mux.Pool[*QUIC]

	netHTTP NetHTTP

	most atomic.Int64 // the bound
	lent atomic.Int64 // what count counts, for whoever gives a connection back

	mu      sync.Mutex
	own     map[Lent]struct{} // those that many share, and net/http's
	made    int               // under way, for somebody to lend
	runs    int
	workers int
	shut    bool
}

// idleTimeout is that of net/http's DefaultTransport.
const idleTimeout = 90 * time.Second

// New returns the connections of a client whose connections net/http makes with a transport. New changes its bounds.
// brief says that the client will be shut down before connections can be idle for long.
func New(transport *http.Transport, all NetHTTP, brief bool) *Conns {
	c := &Conns{netHTTP: all, own: make(map[Lent]struct{})}
	c.most.Store(int64(transport.MaxIdleConns))
	// connections bounds what net/http keeps, because net/http counts neither the workers nor the idle connections of the
	// direct way.
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1<<30
	if transport.IdleConnTimeout == 0 && !brief {
		// With a timeout, each HTTP/2 connection has a timer, which may keep it in memory after it was closed.
		transport.IdleConnTimeout = idleTimeout
	}
	idle := transport.IdleConnTimeout
	c.Idle.IdleTimeout, c.HTTP2.IdleTimeout, c.HTTP3.IdleTimeout = idle, idle, idle
	return c
}

// Begin notes a run with so many workers.
func (c *Conns) Begin(workers int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs++
	c.workers += workers
	if most := int64(c.workers); most > c.most.Load() {
		c.most.Store(most)
	}
}

// End notes the end of a run. The last run of a client that was shut down closes all connections.
func (c *Conns) End(workers int) {
	c.mu.Lock()
	c.runs--
	c.workers -= workers
	over := c.shut && c.runs == 0
	c.mu.Unlock()
	if over {
		c.closeAll()
	}
}

// Keep takes a connection that a worker no longer needs.
func (c *Conns) Keep(key string, conn *http1.Conn) {
	c.Idle.Put(key, conn, int(c.most.Load()-c.lent.Load()))
}

// Reserve makes room for a connection before it is made: if there are too many, idle ones are closed. The caller must
// call Unreserve, once the connection was lent or is not to be.
func (c *Conns) Reserve() {
	c.mu.Lock()
	c.made++
	c.count()
	c.mu.Unlock()
	most := int(c.most.Load())
	if int(c.lent.Load()) > most {
		c.netHTTP.CloseIdleConnections()
	}
	trim(&c.HTTP2, int(c.lent.Load())-most)
	trim(&c.HTTP3, int(c.lent.Load())-most)
	c.Idle.Trim(max(most-int(c.lent.Load()), 0))
}

// trim closes so many connections of a pool, if so many are idle.
func trim[C mux.Conn](pool *mux.Pool[C], excess int) {
	if excess > 0 {
		pool.Trim(max(pool.Len()-excess, 0))
	}
}

// Unreserve ends what Reserve began.
func (c *Conns) Unreserve() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made--
	c.count()
}

// count is called when what it counts has changed. The lock is held.
func (c *Conns) count() { c.lent.Store(int64(len(c.own) + c.made)) }

// Lent is a connection that several requests use at once, or that net/http has.
type Lent interface {
	Close() error

	// lentBy tells the connection who counts it, and calls Forget when it ends. The lock is held.
	lentBy(c *Conns)
}

// Lend counts a connection that many share, or one that net/http gets.
func (c *Conns) Lend(conn Lent) {
	c.mu.Lock()
	conn.lentBy(c)
	c.own[conn] = struct{}{}
	c.count()
	late := c.shut && c.runs == 0
	c.mu.Unlock()
	if late { // net/http goes on dialing when nobody waits any more
		_ = conn.Close()
	}
}

// Forget counts a connection that was lent no longer.
func (c *Conns) Forget(conn Lent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.own, conn)
	c.count()
}

// CloseIdle closes idle connections.
func (c *Conns) CloseIdle() {
	c.Idle.CloseIdle()
	c.CloseIdleShared()
	c.netHTTP.CloseIdleConnections()
}

// CloseIdleShared closes those idle ones that many requests share.
func (c *Conns) CloseIdleShared() {
	c.HTTP2.CloseIdle()
	c.HTTP3.CloseIdle()
}

// Shutdown closes all connections, now or when the last run ends.
func (c *Conns) Shutdown() {
	c.mu.Lock()
	c.shut = true
	over := c.runs == 0
	c.mu.Unlock()
	if over {
		c.closeAll()
	} else {
		c.CloseIdle()
	}
}

// closeAll closes idle connections, and those that net/http has not released. An HTTP/2 connection is not idle while a
// stream that was cut off is being torn down, and net/http does not look again by itself. So it is asked again for a
// moment: otherwise it keeps the closed connection in memory for seconds.
func (c *Conns) closeAll() {
	c.CloseIdle()
	for turn := 0; c.lent.Load() > 0 && turn < closeTurns; turn++ {
		time.Sleep(closeTurn)
		c.netHTTP.CloseIdleConnections()
	}
	c.mu.Lock()
	left := make([]Lent, 0, len(c.own))
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
