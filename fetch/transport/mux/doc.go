// Package mux has what HTTP/2 and HTTP/3 share: a connection that many requests use at once, with a pool for such
// connections, and messages whose heads are lists of fields (RFC 9110, section 6.3; RFC 9113, section 8; RFC 9114,
// section 4).
package mux
