// Package fetch is the engine of xk6-fetch: targets in, results out.
//
// A [Client] fetches targets. [Client.Run] hands a list of [Target] values to a bounded pool of workers and returns a
// [Run] with one [Result] per target; [Client.Stream] hands the same results over one by one, as they end. Fetching one
// after another is the pool with one worker.
//
// Failure of a URL is data: a Result that says so. An error is misuse. The package knows neither k6 nor JavaScript:
// what it needs of its surroundings (a dialer, a resolver, a TLS configuration, a place for finished requests) is
// handed in with [Config].
//
// # The way of a target
//
// The schedule hands a target to a worker, as soon as its host may have one more in flight. The worker waits for the
// rate and asks its session, of package transport, for an attempt. The session makes the request and reads the
// response. The worker makes the result of what came of it, or asks for another attempt. It reports the result to the
// observer, to the caller and to the results that are kept: "a target has ended" leaves by worker.run alone.
//
// A request goes one of two ways; package transport says when. Directly, over HTTP/1.1 connections that the session
// writes and reads itself: the way of most requests, and the cheap one. Or over net/http: HTTP/2, proxies, digest and
// NTLM authentication, and what k6's option httpDebug logs.
//
// # Words
//
// Each has one meaning, here and in all packages below and above:
//
//   - Target: a URL and what to send.
//   - Spec: what targets that differ in nothing but their URL share.
//   - Run: a list of targets, fetched.
//   - Worker: a goroutine of the pool.
//   - Attempt: one try at a target; a retry is another.
//   - Hop: one step of an attempt; a redirect or a challenge is followed by the next.
//   - Exchange: one HTTP request and its response, as metrics count them.
//   - Session: what a worker keeps from target to target: its connection and its buffers.
//   - Origin: scheme, host and port.
//   - Plan: what was worked out about a URL: where to connect to, and the bytes to send.
//   - Outcome: what came of an attempt.
//   - Result: what became of a target.
//   - Verdict: what became of a check of a budget.
//   - Name: what metrics call a target.
//   - List: targets from a file, or from a sitemap.
package fetch
