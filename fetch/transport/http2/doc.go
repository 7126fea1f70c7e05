// Package http2 speaks HTTP/2 (RFC 9113) as a client, on connections that it is given.
//
// Many requests share a [Conn]. A [Stream] is one of them, with its response; whoever makes requests has one stream,
// and uses it again for the next request. No goroutine stands between the two: whoever makes a request also writes it,
// together with all others that wait to be written, unless somebody is writing already. One goroutine per connection
// reads. It counts the bytes of bodies that nobody keeps, and wakes a waiting request once, when its response has
// ended.
//
// Requests are encoded without the dynamic table of HPACK (RFC 7541, section 2.3.2). So the bytes of a request do not
// depend on those before it: they can be made once and sent often, and a request that is cut off before it was written
// is never written.
package http2
