// Package http1 speaks HTTP/1.1 on a connection that its worker owns: one goroutine writes the request and reads the
// reply, where [net/http.Transport] keeps two goroutines per connection and hands every message from one to the other.
// That, and not allocating, is all the difference: what is sent, what is accepted, when a connection is kept and which
// error comes back are those of net/http, and each file names the guarantee of net/http that it keeps.
//
// The bytes of a request are made once by [AppendWire], on [net/http.Request.Write], and may be sent any number of
// times. A reply whose head is plain is parsed where it lies in the read buffer; every other head goes, untouched, to
// [net/http.ReadResponse]. The fuzz tests hold both ways against net/http.
//
// It knows nothing of redirects, cookies, proxies, HTTP/2 or retries; [Conn.ShouldRetry] says when net/http would try
// again.
package http1
