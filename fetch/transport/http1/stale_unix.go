//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package http1

import (
	"errors"
	"syscall"
)

// A peeker looks at a socket without consuming bytes. It is kept so that looking allocates nothing.
type peeker struct {
	look func(fd uintptr)
	buf  [1]byte
	n    int
	err  error
}

// lookAtSocket costs one system call. The call does not wait, because the runtime's sockets never block.
func (c *Conn) lookAtSocket() socketState {
	if c.raw == nil {
		return socketUnknown
	}
	p := &c.peek
	if p.look == nil {
		p.look = func(fd uintptr) {
			p.n, _, p.err = syscall.Recvfrom(int(fd), p.buf[:], syscall.MSG_PEEK)
		}
	}
	// Unlike Read, Control does not fail if a deadline passed while the connection was idle.
	if err := c.raw.Control(p.look); err != nil {
		return socketClosed
	}
	switch {
	case errors.Is(p.err, syscall.EAGAIN), errors.Is(p.err, syscall.EINTR):
		return socketQuiet
	case p.err == nil && p.n > 0:
		return socketPending
	default:
		return socketClosed
	}
}
