package http2

import (
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A stream that expires between its beginning and its admission is not under way on its connection.
func TestAStreamThatExpiresEarlyIsNotAdmitted(t *testing.T) {
	t.Parallel()
	client, server := net.Pipe()
	defer func() { _ = server.Close() }()
	c := NewConn(client, nil)
	defer c.Close()
	var s Stream
	s.reset(c, Request{Method: "GET"})
	require.True(t, s.begin(time.Now().Add(time.Hour)))
	s.Expire()
	c.mu.Lock()
	c.admit(&s)
	c.mu.Unlock()
	require.Error(t, s.err)
	require.True(t, c.CloseIdle())
	s.Release()
}
