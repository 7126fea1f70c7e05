// Package http3 speaks HTTP/3 (RFC 9114) as a client, on connections of QUIC (RFC 9000) that quic-go makes over a
// socket that the package is given.
//
// Many requests share a [Conn]. A [Stream] is one of them, with its response; whoever makes requests has one stream,
// and uses it again for the next request. The goroutine that makes a request also reads the response. Those of a
// connection are quic-go's, and one for each stream that only the server sends on.
//
// Fields are encoded and decoded without the dynamic table of QPACK (RFC 9204, section 3.2.3), which the settings rule
// out for the server as well. So the bytes of a request do not depend on those before it, they can be made once and
// sent often, and a head that comes again need not be decoded again.
package http3
