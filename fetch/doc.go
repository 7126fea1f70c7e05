// Package fetch is the engine of xk6-fetch: targets in, results out.
//
// A [Client] owns connections. [Client.Run] hands a list of [Target] values to a bounded pool of workers and returns
// a [Run] with one [Result] per target; [Client.Stream] hands the same results over one by one, as they end.
// Fetching one after another is the pool with one worker.
//
// Failure of a URL is data: a Result that says so. An error is misuse. The package knows neither k6 nor JavaScript:
// what it needs of its surroundings (a dialer, a resolver, a TLS configuration, a place for finished requests) is
// handed in with [Config].
package fetch
