// Package cache is an HTTP cache as a browser has one: RFC 9111, private, in memory. Requests and responses in,
// decisions out: it sends nothing, starts no goroutine and has no clock. A Cache may be used by any number of
// goroutines at once.
//
// A request passes through it like this:
//
//	found := c.Look(r, now)
//	switch {
//	case found.GatewayTimeout: // the request accepts stored responses only, and none fits: answer with a 504
//	case found.Fresh:          // answer with found.Entry; if found.Revalidate, validate it in the background
//	case found.Entry != nil:   // send the request with found.Validators; a 304 goes to Freshen
//	default:                   // send the request
//	}
//
// Responses from the network go to Store, 304s that answer Validators to Freshen, and responses to unsafe methods to
// Invalidate.
//
// Where RFC 9111 leaves a choice, the package decides as browsers do, and as Chromium does where they differ, apart
// from these:
//
//   - It keeps several variants of a URL. Chromium keeps one, so that variants displace each other.
//   - It honors every request directive of section 5.2.1. Chromium honors no-cache, and max-age=0.
//   - A malformed max-age or Expires makes a response stale, as section 4.2.1 asks for. Chromium ignores the one and
//     reads dates leniently.
//   - Statuses such as 404 get heuristic freshness if they have Last-Modified. Chromium gives it to 200 and 203.
//   - Location and Content-Location invalidate, see section 4.4.
//   - It honors immutable, see RFC 8246, as Firefox and Safari do.
//   - It neither stores parts of a body nor answers requests for ranges.
package cache
