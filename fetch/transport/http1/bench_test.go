package http1

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// BenchmarkExchange compares this package with net/http over loopback, one request after another, with a server that
// does as little as possible. Compare within one run only.
func BenchmarkExchange(b *testing.B) {
	for _, size := range []int{1 << 10, 100 << 10} {
		addr := benchServer(b, size)
		req := &http.Request{
			Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: addr, Path: "/index.html"},
			Header: http.Header{userAgent: {"k6/2.2.0"}},
		}
		b.Run(fmt.Sprintf("size=%d/way=http1", size), func(b *testing.B) {
			pool := &Pool{}
			defer pool.Close()
			wire, err := AppendWire(nil, req, false)
			if err != nil {
				b.Fatal(err)
			}
			var r Response
			b.ReportAllocs()
			for b.Loop() {
				c := pool.Get(addr, true)
				if c == nil {
					nc, err := new(net.Dialer).DialContext(b.Context(), "tcp", addr)
					if err != nil {
						b.Fatal(err)
					}
					c = NewConn(nc)
				}
				c.SetDeadline(time.Now().Add(time.Minute))
				if err := c.RoundTrip(wire, http.MethodGet, &r); err != nil {
					b.Fatal(err)
				}
				if n, err := r.Discard(); err != nil || n != int64(size) {
					b.Fatal(n, err)
				}
				pool.Put(addr, c, 1)
			}
		})
		b.Run(fmt.Sprintf("size=%d/way=nethttp", size), func(b *testing.B) {
			transport := &http.Transport{DisableCompression: true}
			defer transport.CloseIdleConnections()
			b.ReportAllocs()
			for b.Loop() {
				ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
				resp, err := transport.RoundTrip(req.WithContext(ctx))
				if err != nil {
					b.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, resp.Body); err != nil || n != int64(size) {
					b.Fatal(n, err)
				}
				_ = resp.Body.Close()
				cancel()
			}
		})
	}
}

func benchServer(b *testing.B, size int) (addr string) {
	b.Helper()
	return benchServerOn(b, size, func(nc net.Conn) net.Conn { return nc })
}

func benchServerOn(b *testing.B, size int, over func(net.Conn) net.Conn) (addr string) {
	b.Helper()
	listener, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = listener.Close() })
	reply := []byte(fmt.Sprintf("HTTP/1.1 200 OK\r\nServer: nginx/1.26.0\r\nDate: Mon, 06 Jan 2025 10:00:00 GMT\r\n"+
		"Content-Type: text/html\r\nContent-Length: %d\r\nLast-Modified: Mon, 06 Jan 2025 09:00:00 GMT\r\n"+
		"Connection: keep-alive\r\nETag: \"677b9e10-400\"\r\nAccept-Ranges: bytes\r\n\r\n%s", size, strings.Repeat("x", size)))
	go func() {
		for {
			nc, err := listener.Accept()
			if err != nil {
				return
			}
			nc = over(nc)
			go func() {
				defer func() { _ = nc.Close() }()
				br := bufio.NewReader(nc)
				for {
					line, err := br.ReadSlice('\n')
					if err != nil {
						return
					}
					if len(line) == 2 {
						if _, err := nc.Write(reply); err != nil {
							return
						}
					}
				}
			}()
		}
	}()
	return listener.Addr().String()
}

func BenchmarkParseHead(b *testing.B) {
	text := []byte(heads()[0].text)
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := parseHead(text); !ok {
			b.Fatal("not plain")
		}
	}
}

func BenchmarkAppendWire(b *testing.B) {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://example.com/index.html", nil)
	if err != nil {
		b.Fatal(err)
	}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		if buf, err = AppendWire(buf[:0], req, false); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStale measures a look at an idle connection.
func BenchmarkStale(b *testing.B) {
	nc, err := new(net.Dialer).DialContext(b.Context(), "tcp", benchServer(b, 1))
	if err != nil {
		b.Fatal(err)
	}
	c := NewConn(nc)
	defer func() { _ = c.Close() }()
	b.ReportAllocs()
	for b.Loop() {
		if c.Stale() {
			b.Fatal("stale")
		}
	}
}

// BenchmarkExchangeTLS is the same over TLS. Stale costs more there: it must look into the TLS layer, too.
func BenchmarkExchangeTLS(b *testing.B) {
	https := httptest.NewTLSServer(http.NotFoundHandler())
	config, client := https.TLS.Clone(), https.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	https.Close()
	config.NextProtos, client.ServerName = nil, "example.com"
	addr := benchServerOn(b, 1<<10, func(nc net.Conn) net.Conn { return tls.Server(nc, config) })
	req := &http.Request{
		Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: addr, Path: "/index.html"},
		Header: http.Header{userAgent: {"k6/2.2.0"}},
	}
	for _, look := range []bool{true, false} {
		b.Run(fmt.Sprintf("way=http1/stale=%v", look), func(b *testing.B) {
			nc, err := (&tls.Dialer{Config: client}).DialContext(b.Context(), "tcp", addr)
			if err != nil {
				b.Fatal(err)
			}
			c := NewConn(nc)
			defer func() { _ = c.Close() }()
			wire, err := AppendWire(nil, req, false)
			if err != nil {
				b.Fatal(err)
			}
			var r Response
			b.ReportAllocs()
			for b.Loop() {
				if look && c.Stale() {
					b.Fatal("stale")
				}
				c.SetDeadline(time.Now().Add(time.Minute))
				if err := c.RoundTrip(wire, http.MethodGet, &r); err != nil {
					b.Fatal(err)
				}
				if _, err := r.Discard(); err != nil || !c.Reusable() {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("way=nethttp", func(b *testing.B) {
		transport := &http.Transport{DisableCompression: true, TLSClientConfig: client}
		defer transport.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			ctx, cancel := context.WithTimeout(b.Context(), time.Minute)
			resp, err := transport.RoundTrip(req.WithContext(ctx))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				b.Fatal(err)
			}
			_ = resp.Body.Close()
			cancel()
		}
	})
}
