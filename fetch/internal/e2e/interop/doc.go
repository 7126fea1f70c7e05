// Package interop tests against the servers that others have written: HTTP/2 with nginx, nghttpd, HAProxy, Node.js and
// Go, and HTTP/3 with nginx, HAProxy, ngtcp2 and quiche.
package interop
