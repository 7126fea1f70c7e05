// Package altsvc remembers the alternative services of origins: RFC 7838, for choosing HTTP/3. Alt-Svc fields and the
// fate of connections in, services out: it opens no connection, starts no goroutine and has no clock.
//
//	service, ok := c.Find(origin, now)  // before a request: where to speak HTTP/3
//	c.Learn(origin, values, age, now)   // after a response
//	c.Break(origin, service, why, now)  // when HTTP/3 fails
//	c.Mend(origin, service)             // when it works
//	c.Forget(origin, service)           // after a 421
//
// Its caller learns from responses of https origins only, whose certificate was verified. A connection to a
// service must authenticate as the host of the origin, not as that of the service (section 2.1).
package altsvc
