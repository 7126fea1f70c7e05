// Package http1 speaks HTTP/1.1 on a connection that its worker owns. One goroutine writes the request and reads the
// reply, while [net/http.Transport] keeps two goroutines per connection and passes each message between them. That is
// the only difference, besides not allocating. What is sent, what is accepted, when a connection is kept and which
// error is returned are as in net/http. Each file names the behaviour of net/http that it keeps.
//
// [AppendWire] encodes a request once, with [net/http.Request.Write]; it may be sent any number of times. A plain head
// is parsed in the read buffer. Every other head goes, untouched, to [net/http.ReadResponse]. Fuzz tests compare both
// with net/http.
//
// The package knows nothing of redirects, cookies, proxies, HTTP/2 or retries. [Conn.ShouldRetry] reports whether
// net/http would retry.
package http1
