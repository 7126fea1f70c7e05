//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package http1

// A peeker cannot look at sockets on this system.
type peeker struct{}

func (c *Conn) lookAtSocket() socketState { return socketUnknown }
