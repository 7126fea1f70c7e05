//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package http1

// A peeker has nothing to look with here.
type peeker struct{}

func (c *Conn) lookAtSocket() socketState { return socketUnknown }
