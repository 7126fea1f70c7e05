package faults

import (
	"crypto/tls"
	"slices"
	"time"
)

// Timeout is long enough for every case that ends by itself on loopback to be told apart from a stall, and
// short enough that a table of stalls stays quick. Use it for a Case whose Stalls is set, and a long one otherwise.
const Timeout = 400 * time.Millisecond

// warmPath is the page that a Case with Warm answers properly.
const warmPath = "/warm"

// Case is one row of the table of faults, or one of several ways to bring the row about.
type Case struct {
	Row  int    // of the table
	Name string // what the server does; unique, and fit to name a subtest

	K6     []Outcome // what k6 makes of it: any one of them
	Here   []Outcome // what this extension must make of it: any one of them; nil means the same as K6
	Hits   int       // requests whose head reaches a server in one fetch by net/http, within Timeout where it Stalls
	Stalls bool      // it ends at the client's timeout and not before
	Warm   bool      // fetch WarmURL first, with the same client, so that the fetch meets a used connection
	Needs  Needs     // what the client has to be told beforehand

	target func(*Server) string           // where to send the request; nil means the case's own listener
	scheme string                         // of the own listener; http or, where secure is set, https if empty
	secure func(a *authority) *tls.Config // nil means a plain listener
	serve  func(c *conn)                  // what the own listener does with a connection; nil means no listener
}

// Outcome is what a client reports of one fetch. A fetch that failed has an error code of k6 and, as in k6, no status
// unless it is the status that made it fail.
type Outcome struct {
	Status int
	Code   int
	Proto  string // empty in the table means any
	Throws bool   // no result at all, but an exception in the script
}

// Needs is the client's part in a fault.
type Needs struct {
	DNS             bool     // resolve names with Server.Resolver
	Roots           bool     // trust the certificates of Server.Roots
	Body            bool     // keep the body and decode it, as the response types text and binary do
	BlockHostnames  []string // the option of that name
	BlacklistIPs    []string // the option of that name, in CIDR notation
	LocalIP         string   // the option localIPs
	FileDescriptors int      // the limit of the process, which therefore has to be one of its own
	Targets         int      // how often to fetch the URL at once, if not once; each outcome is one of those listed
}

// Table lists the faults in the order of their rows. Each call makes a new one.
func Table() []Case {
	table := slices.Concat(
		tcpCases(), headCases(), bodyCases(), redirectCases(), tlsCases(), http2Cases(), clientCases(),
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

// WarmURL is the page to fetch first where Warm is set: it is answered, and the connection kept.
func (c Case) WarmURL(s *Server) string {
	return s.scheme(c) + "://" + s.addr(c.Name) + warmPath
}

// Want is what this extension must make of the fault: any one of these.
func (c Case) Want() []Outcome {
	if c.Same() {
		return c.K6
	}
	return c.Here
}

// Same reports whether this extension must report what k6 reports.
func (c Case) Same() bool { return c.Here == nil }

// Failed reports whether the outcome counts into http_req_failed with k6's default of expected statuses.
func (o Outcome) Failed() bool {
	return o.Throws || o.Code != 0 || o.Status < 200 || o.Status > 399
}

// OneOf reports whether the outcome is one of those of a table.
func (o Outcome) OneOf(table []Outcome) bool {
	return slices.ContainsFunc(table, func(want Outcome) bool {
		if want.Proto == "" {
			want.Proto = o.Proto
		}
		return want == o
	})
}

// code lists outcomes that are nothing but an error, one for each code.
func code(codes ...int) []Outcome {
	outcomes := make([]Outcome, len(codes))
	for i, c := range codes {
		outcomes[i] = Outcome{Code: c}
	}
	return outcomes
}

// page is the outcome of an answer with the status, which from 400 on has k6's error code of that status.
func page(status int) []Outcome {
	if status >= 400 {
		return []Outcome{{Status: status, Code: 1000 + status}}
	}
	return []Outcome{{Status: status}}
}
