package faults

import (
	"io"
	"net/url"
	"strconv"
	"time"
)

// endlessRate is how many bytes per second an endless body sends.
const endlessRate = 200 * mega

// GzipBomb is the URL of a page of so many megabytes, compressed to a thousandth of that.
func (s *Server) GzipBomb(megabytes int) string { return s.bomb("gzip", megabytes) }

// BigHeader is the URL of a page whose header has so many megabytes.
func (s *Server) BigHeader(megabytes int) string { return s.bomb("header", megabytes) }

// Endless is the URL of a page that sends 200 MB per second for as long as the client reads.
func (s *Server) Endless() string { return s.bomb("endless", 0) }

func (s *Server) bomb(kind string, megabytes int) string {
	query := url.Values{"mb": {strconv.Itoa(megabytes)}}
	return "http://" + s.addr(bombs) + "/" + kind + "?" + query.Encode()
}

// serveBomb sends what the path requests, and never holds more than a megabyte of it.
func serveBomb(c *conn) {
	r, ok := c.request()
	if !ok {
		return
	}
	megabytes, _ := strconv.Atoi(r.URL.Query().Get("mb"))
	switch r.URL.Path {
	case "/gzip":
		c.gzipBomb(megabytes)
	case "/header":
		c.writeBigHeader(megabytes)
	case "/endless":
		c.endless()
	}
}

// gzipBomb repeats a compressed megabyte. A gzip file may consist of several, and unpacks to all of them.
func (c *conn) gzipBomb(megabytes int) {
	packed := gzipped(make([]byte, mega))
	length := strconv.Itoa(len(packed) * megabytes)
	c.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + length + "\r\n\r\n")
	for range megabytes {
		c.write(packed)
	}
}

// endless sends a body without an end, at its rate, until the client leaves or the server closes.
func (c *conn) endless() {
	c.write("HTTP/1.1 200 OK\r\n\r\n")
	piece := string(make([]byte, mega))
	tick := time.NewTicker(time.Second * mega / endlessRate)
	defer tick.Stop()
	for {
		select {
		case <-c.server.ctx.Done():
			return
		case <-tick.C:
		}
		if _, err := io.WriteString(c.out, piece); err != nil {
			return
		}
	}
}
