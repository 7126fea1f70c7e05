// Package quicpeer is the part of the fault server that speaks HTTP/3. Each case has a peer of its own that misbehaves
// in HTTP/3, in QUIC or below it. Table lists them with their expected outcomes.
//
// Most peers are scripts on a connection of quic-go, which writes whatever bytes it is told to on its streams. What
// quic-go would not do, file raw.go has it do; what comes before a connection is done on a plain socket.
package quicpeer

import (
	"crypto/tls"
	"net/http"
	"slices"
	"testing"

	"github.com/quic-go/quic-go"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/faults"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/udpproxy"
)

// Any says that the moment decides how many requests reach a peer.
const Any = -1

// Secret is in every text that a peer sends. No error may have it.
const Secret = "s3cret"

// warmPath is the page that a Case with Warm answers correctly.
const warmPath = "/warm"

// Case is one row of the table.
type Case struct {
	Name string // what the server does; unique, and fit to name a subtest

	Want   []faults.Outcome // any of these
	Lost   int              // requests that were sent, but not to a peer that knows the connection
	Hits   int              // requests whose head reaches the peer, Any if that is not certain
	Stalls bool             // it ends only at the client's timeout, for which faults.Timeout is long enough
	Warm   bool             // fetch WarmURL first, with the same client, so that the fetch meets a used connection
	Needs  faults.Needs     // Method, Sends and Body, and what else the request needs

	script  script
	network *network
}

// network is a proxy between the client and the peer.
type network struct{ up, down udpproxy.Faults }

// script is what a peer does. The zero value is a good server.
type script struct {
	hello   func(*conn)    // what a connection begins with, nil: its settings
	answer  func(*request) // nil: correctly
	handler http.Handler   // answers instead, on the server of quic-go

	secure    func(*faults.Authority) *tls.Config // nil: a valid certificate
	transport func(*quic.Transport)               // changes it; may be nil
	config    quic.Config

	between func(*Peer) // happens after the warm page; may be nil

	datagram func(p *Peer, b []byte, reply func([]byte)) // there is no QUIC, but this for each datagram
	absent   bool                                        // there is not even a socket
	target   func(*Peer) string                          // the URL instead of the peer's own
}

// Table lists the cases. Each call returns a new one.
func Table() []Case {
	return slices.Concat(
		endCases(), closeCases(), goAwayCases(), headCases(), bodyCases(), wrongFrames(), wrongStreams(), wrongSettings(),
		floodCases(), transportCases(), tlsCases(), datagramCases(), networkCases(),
	)
}

// answering is a case whose peer does this for each request.
func answering(name string, want []faults.Outcome, answer func(*request)) Case {
	return Case{Name: name, Want: want, Hits: 1, script: script{answer: answer}}
}

func (c Case) stalling() Case { c.Stalls = true; return c }

func (c Case) decoded() Case { c.Needs.Body = true; return c }

func (c Case) hits(n int) Case { c.Hits = n; return c }

func (c Case) hello(f func(*conn)) Case { c.script.hello = f; return c }

func (c Case) by(method string, sends int) Case {
	c.Needs.Method, c.Needs.Sends = method, sends
	return c
}

// between has something happen after the warm page.
func (c Case) between(f func(*Peer)) Case { c.script.between = f; return c }

// losing sets how many requests nobody gets.
func (c Case) losing(n int) Case { c.Lost = n; return c }

// warmed has the connection serve a page before.
func (c Case) warmed() Case {
	answer := c.script.answer
	c.Warm = true
	c.script.answer = func(r *request) {
		if r.path() == warmPath {
			r.answer(ok, "warm")
			return
		}
		answer(r)
	}
	return c
}

// Start starts the peer of the case, and closes it at the end of the test.
func (c Case) Start(tb testing.TB, a *faults.Authority) *Peer {
	tb.Helper()
	return start(tb, a, c)
}

// Good starts a server without faults, the sibling of every fault.
func Good(tb testing.TB, a *faults.Authority) *Peer {
	tb.Helper()
	return start(tb, a, Case{Name: "good"})
}

const ok = "200"

// code lists outcomes that are only an error, one for each code.
func code(codes ...int) []faults.Outcome {
	outcomes := make([]faults.Outcome, len(codes))
	for i, c := range codes {
		outcomes[i] = faults.Outcome{Code: c}
	}
	return outcomes
}

// page is the outcome of an answer with the status. From 400 on it has k6's error code of that status.
func page(status int) []faults.Outcome {
	o := faults.Outcome{Status: status, Proto: "HTTP/3.0"}
	if status >= http.StatusBadRequest {
		o.Code = 1000 + status
	}
	return []faults.Outcome{o}
}
