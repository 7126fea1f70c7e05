package aggregate

import (
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// Part is a time that is in no other: together they are the whole.
type Part int

// The parts, in the order in which they follow each other.
const (
	Earlier Part = iota // redirects and retries
	Alone               // blocked, but for what a connection takes to make
	Resolving
	Dialing // connecting, but for TLS where that is a part of it
	Handshaking
	Writing
	FirstByte
	Reading
	Parts // how many there are
)

// String returns the part as scripts and the page call it.
func (p Part) String() string {
	if p == Earlier {
		return "earlier"
	}
	return p.phase().String()
}

// Label returns what people call the part.
func (p Part) Label() string {
	return [Parts]string{
		"redirects and retries", "blocked", "looking up", "connecting", "TLS handshake", "sending", "waiting", "receiving",
	}[p]
}

// phase is what the part is, or is most of.
func (p Part) phase() Phase {
	return [Parts]Phase{Elapsed, Blocked, LookingUp, Connecting, TLSHandshaking, Sending, Waiting, Receiving}[p]
}

// PartsOf divides a time into its parts: what is in none of the phases of the last request came before it, and what a
// connection took to make is not counted twice.
func PartsOf(times func(Phase) time.Duration) [Parts]time.Duration {
	var parts [Parts]time.Duration
	for p := range Parts {
		parts[p] = times(p.phase())
	}
	parts[Dialing] = fetch.Dialing(&transport.Timings{
		Blocked: parts[Alone], LookingUp: parts[Resolving], Connecting: parts[Dialing], TLSHandshaking: parts[Handshaking],
	})
	parts[Alone] = max(0, parts[Alone]-parts[Resolving]-parts[Dialing]-parts[Handshaking])
	for _, d := range parts[Earlier+1:] {
		parts[Earlier] -= d
	}
	parts[Earlier] = max(0, parts[Earlier])
	return parts
}
