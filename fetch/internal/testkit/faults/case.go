package faults

import (
	"bytes"
	"crypto/tls"
	"slices"
	"time"
)

// Timeout is the client's timeout for a Case with Stalls; use a long one otherwise. It is long enough for every case
// that ends by itself on loopback, and short enough for a table of stalls.
const Timeout = 400 * time.Millisecond

// warmPath is the page that a Case with Warm answers correctly.
const warmPath = "/warm"

// Case is one row of the table of faults, or one of several ways to cause that row.
type Case struct {
	Row  int    // of the table
	Name string // what the server does; unique, and fit to name a subtest

	K6     []Outcome // k6's outcome: any of these
	Here   []Outcome // the outcome that this extension must have: any of these; nil means the same as K6
	Hits   int       // requests whose head reaches a server in one fetch by net/http, within Timeout if it Stalls
	Stalls bool      // it ends only at the client's timeout
	// K6Hangs says that k6 never returns, whatever the timeout. Tireless says that k6 sends the request more than Hits
	// times.
	K6Hangs, Tireless bool
	Warm              bool  // fetch WarmURL first, with the same client, so that the fetch meets a used connection
	Needs             Needs // settings that the client needs

	target func(*Server) string           // where to send the request; nil means the case's own listener
	scheme string                         // of the case's own listener; empty means http, or https with secure
	secure func(a *Authority) *tls.Config // nil means a plain listener
	serve  func(c *conn)                  // what the own listener does with a connection; nil means no listener
}

// Outcome is what a client reports of one fetch. A failed fetch has one of k6's error codes. As in k6 it has no status,
// unless the status made it fail.
type Outcome struct {
	Status int
	Code   int
	Proto  string // empty in the table means any
	Throws bool   // no result, but an exception in the script
}

// Needs are the client's settings for a fault.
type Needs struct {
	DNS             bool     // resolve names with Server.Resolver
	Roots           bool     // trust the certificates of Server.Roots
	Body            bool     // keep and decode the body, as with the response types text and binary
	Method          string   // of the request; empty means GET
	Sends           int      // how many bytes the body of the request has
	BlockHostnames  []string // the option of that name
	BlacklistIPs    []string // the option of that name, in CIDR notation
	LocalIP         string   // the option localIPs
	FileDescriptors int      // the limit of the process, which must therefore be separate
	Targets         int      // how often to fetch the URL at once, if not once; each outcome is one of those listed
}

// Table lists the faults in the order of their rows. Each call returns a new one.
func Table() []Case {
	table := slices.Concat(
		tcpCases(), headCases(), bodyCases(), redirectCases(), tlsCases(), http2Cases(), http2Rows(),
		clientCases(),
	)
	slices.SortStableFunc(table, func(a, b Case) int { return a.Row - b.Row })
	return table
}

// URL is where to send the request.
func (c Case) URL(s *Server) string {
	if c.target != nil {
		return c.target(s)
	}
	return s.scheme(c) + "://" + s.addr(c.Name) + "/"
}

// RequestBody is the body of the request, nil if it has none.
func (n Needs) RequestBody() []byte {
	if n.Sends == 0 {
		return nil
	}
	return bytes.Repeat([]byte("."), n.Sends)
}

// WarmURL is the page to fetch first if Warm is set. It is answered, and the connection kept.
func (c Case) WarmURL(s *Server) string {
	return s.scheme(c) + "://" + s.addr(c.Name) + warmPath
}

// Want is the outcome that this extension must have: any of these.
func (c Case) Want() []Outcome {
	if c.Same() {
		return c.K6
	}
	return c.Here
}

// Same reports whether this extension must report what k6 reports.
func (c Case) Same() bool { return c.Here == nil }

// Failed reports whether the outcome counts into http_req_failed with k6's default expected statuses.
func (o Outcome) Failed() bool {
	return o.Throws || o.Code != 0 || o.Status < 200 || o.Status > 399
}

// OneOf reports whether the outcome is one of those in a table.
func (o Outcome) OneOf(table []Outcome) bool {
	return slices.ContainsFunc(table, func(want Outcome) bool {
		if want.Proto == "" {
			want.Proto = o.Proto
		}
		return want == o
	})
}

// code lists outcomes that are only an error, one for each code.
func code(codes ...int) []Outcome {
	outcomes := make([]Outcome, len(codes))
	for i, c := range codes {
		outcomes[i] = Outcome{Code: c}
	}
	return outcomes
}

// page is the outcome of an answer with the status. From 400 on it has k6's error code of that status.
func page(status int) []Outcome {
	if status >= 400 {
		return []Outcome{{Status: status, Code: 1000 + status}}
	}
	return []Outcome{{Status: status}}
}
