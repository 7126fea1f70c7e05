package quicpeer

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/udpproxy"
)

// networkCases are good peers behind bad networks. Each request has a long body, and so has its response.
func networkCases() []Case {
	const size = mega / 4
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, strings.Repeat("x", size))
	})
	across := func(name string, up, down udpproxy.Faults) Case {
		return Case{
			Name: "network: " + name, Want: page(http.StatusOK), Hits: 1,
			script: script{handler: echo}, network: &network{up, down},
		}.by(http.MethodPost, size)
	}
	hole := answering("network: blackhole", code(1050), func(r *request) { r.conn.peer.Blackhole() }).stalling()
	holeInBody := answering("network: blackhole in the body", code(1050), func(r *request) {
		r.half()
		r.conn.peer.Blackhole()
	}).stalling()
	holeBetween := answering("network: blackhole on a reused connection", code(1050), (*request).half).warmed().
		between((*Peer).Blackhole).hits(0).stalling()
	hole.network, holeInBody.network, holeBetween.network = &network{}, &network{}, &network{}
	return []Case{
		across("no faults", udpproxy.Faults{}, udpproxy.Faults{}),
		across("1 % lost", udpproxy.Faults{Loss: 0.01, Seed: 1}, udpproxy.Faults{Loss: 0.01, Seed: 2}),
		across("reordered", udpproxy.Faults{HoldEvery: 7, HoldFor: 3}, udpproxy.Faults{HoldEvery: 5, HoldFor: 4}),
		across("1 % lost, reordered and 5 ms away",
			udpproxy.Faults{Loss: 0.01, Seed: 3, HoldEvery: 9, HoldFor: 2, Delay: 5 * time.Millisecond},
			udpproxy.Faults{Loss: 0.01, Seed: 4, HoldEvery: 9, HoldFor: 2, Delay: 5 * time.Millisecond}),
		hole, holeInBody, holeBetween,
	}
}

// Idle is a case whose peer falls silent after the head of a request has come, so that the connection ends for want of
// packets. quic-go waits for five seconds at least, so it is not in the table.
func Idle() Case {
	c := answering("idle", code(1803), func(r *request) { r.conn.peer.Blackhole() })
	c.network = &network{}
	c.script.config.MaxIdleTimeout = time.Second
	return c
}

// DepartsAfter is how many requests a connection to the peer Departing takes.
const DepartsAfter = 3

// Departing is a peer whose connections take a few requests each, then end with a GOAWAY, as those of nginx do.
func Departing() Case {
	return answering("departing", page(http.StatusOK), func(r *request) {
		const last = 4 * (DepartsAfter - 1)
		if r.id() <= last {
			r.answer(ok, "good")
		}
		if r.id() == last {
			r.conn.goAway(last + 4)
		}
	})
}
