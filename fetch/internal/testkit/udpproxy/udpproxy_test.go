package udpproxy_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/udpproxy"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is a server that sends each datagram back. It closes at the end of the test.
func echo(tb testing.TB) net.Addr {
	tb.Helper()
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(tb, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 100)
		for {
			n, from, err := conn.ReadFromUDP(buf)
			if err != nil {
				return
			}
			_, _ = conn.WriteToUDP(buf[:n], from)
		}
	}()
	tb.Cleanup(func() {
		_ = conn.Close()
		<-done
	})
	return conn.LocalAddr()
}

// sent sends the numbers from 0 and returns those that come back, in their order, up to the last.
func sent(t *testing.T, p *udpproxy.Proxy, count int) []int {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "udp4", p.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	for i := range count {
		_, err := conn.Write([]byte(strconv.Itoa(i)))
		require.NoError(t, err)
	}
	up, down := p.Counts()
	for up.Forwarded+up.Lost+up.Held < int64(count) || down.Forwarded+down.Lost+down.Held < up.Forwarded {
		up, down = p.Counts()
	}
	back := make([]int, 0, down.Forwarded)
	buf := make([]byte, 100)
	for range down.Forwarded {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		n, err := conn.Read(buf)
		require.NoError(t, err)
		number, err := strconv.Atoi(string(buf[:n]))
		require.NoError(t, err)
		back = append(back, number)
	}
	return back
}

func TestForwards(t *testing.T) {
	t.Parallel()
	p := udpproxy.Start(t, echo(t), udpproxy.Faults{}, udpproxy.Faults{})
	require.Equal(t, []int{0, 1, 2, 3, 4}, sent(t, p, 5))
	p.Close()
	p.Close() // once more does no harm
}

func TestLosesTheSameDatagramsEachTime(t *testing.T) {
	t.Parallel()
	var first []int
	for range 3 {
		p := udpproxy.Start(t, echo(t), udpproxy.Faults{Loss: 0.2, Seed: 1}, udpproxy.Faults{Loss: 0.2, Seed: 2})
		got := sent(t, p, 100)
		if first == nil {
			first = got
		}
		require.Equal(t, first, got)
		up, down := p.Counts()
		require.InDelta(t, 20, up.Lost, 10)
		require.Positive(t, down.Lost)
		require.Len(t, got, 100-int(up.Lost)-int(down.Lost))
	}
}

func TestHoldsBack(t *testing.T) {
	t.Parallel()
	p := udpproxy.Start(t, echo(t), udpproxy.Faults{HoldEvery: 3, HoldFor: 2}, udpproxy.Faults{})
	conn, err := new(net.Dialer).DialContext(t.Context(), "udp4", p.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	for i := range 5 {
		_, err := conn.Write([]byte{byte(i)})
		require.NoError(t, err)
	}
	order := make([]byte, 0, 5)
	buf := make([]byte, 1)
	for range 5 {
		_, err := conn.Read(buf)
		require.NoError(t, err)
		order = append(order, buf[0])
	}
	require.Equal(t, []byte{0, 1, 3, 4, 2}, order)
}

func TestDelays(t *testing.T) {
	t.Parallel()
	const delay = 30 * time.Millisecond
	p := udpproxy.Start(t, echo(t), udpproxy.Faults{Delay: delay}, udpproxy.Faults{Delay: delay})
	conn, err := new(net.Dialer).DialContext(t.Context(), "udp4", p.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	began := time.Now()
	_, err = conn.Write([]byte("x"))
	require.NoError(t, err)
	_, err = conn.Read(make([]byte, 1))
	require.NoError(t, err)
	require.GreaterOrEqual(t, time.Since(began), 2*delay)
}

func TestBlackhole(t *testing.T) {
	t.Parallel()
	p := udpproxy.Start(t, echo(t), udpproxy.Faults{}, udpproxy.Faults{})
	require.Len(t, sent(t, p, 1), 1)
	p.Blackhole(true)
	conn, err := new(net.Dialer).DialContext(t.Context(), "udp4", p.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.Write([]byte("x"))
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		up, _ := p.Counts()
		return up.Lost == 1
	}, time.Minute, time.Millisecond)
}
