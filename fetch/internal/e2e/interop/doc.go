// Package interop tests HTTP/2 against the servers that others have written: nginx, nghttpd, HAProxy, Node.js and Go.
package interop
