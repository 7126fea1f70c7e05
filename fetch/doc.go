// Package fetch is the engine of xk6-fetch: targets in, results out.
//
// A [Client] fetches targets. [Client.Run] passes a list of [Target] values to a bounded pool of workers and returns a
// [Run] with one [Result] per target. [Client.Stream] passes the same results on one by one, as targets end. Sequential
// fetching is a pool with one worker.
//
// A failed URL is data: a Result that says so. An error is misuse. The package imports neither k6 nor JavaScript: what
// it needs of them (a dialer, a resolver, a TLS configuration, an observer) is handed in, most of it in [Config].
//
// # The way of a target
//
// The schedule gives a target to a worker as soon as it is due and its host may have one more in flight. The worker
// waits for the rate, and asks its session, of package transport, for an attempt. The session sends the request and
// reads the response. The worker makes a result of the outcome, or asks for another attempt. It passes the result to
// the observer, to the caller and to the results that are kept. Targets end in worker.run and nowhere else.
//
// A request goes one of two ways; package transport decides. Most go directly, because that is cheaper: over a
// connection of HTTP/1.1 that the session writes and reads itself, or over one of HTTP/2 that all sessions share. The
// others go over net/http: through proxies, with digest and NTLM authentication, and requests that k6's option
// httpDebug logs.
//
// # Words
//
// Each has one meaning, here and in all packages below and above:
//
//   - Target: a URL and what to send.
//   - Iterator: what yields the targets of a run, in their order.
//   - Due: a target is due at its earliest start, if its iterator is paced.
//   - Spec: what targets that differ only in their URL share.
//   - Run: a list of targets, fetched.
//   - Worker: a goroutine of the pool.
//   - Attempt: one try at a target; a retry is another.
//   - Hop: one step of an attempt; a redirect or a challenge is followed by the next.
//   - Exchange: one HTTP request and its response, as metrics count them.
//   - Session: what a worker keeps from target to target: its connection and its buffers.
//   - Origin: scheme, host and port.
//   - Plan: what a request for a URL needs: where to connect to, and the bytes to send.
//   - Outcome: what came of an attempt.
//   - Result: what became of a target.
//   - Verdict: what became of a check of a budget or of an expectation.
//   - Name: what metrics call a target.
//   - List: targets from a file, or from a sitemap.
package fetch
