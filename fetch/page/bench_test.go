package page_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/page"
)

// BenchmarkVisit compares a page of 60 resources with a list of the same URLs, of which as many are in flight at once.
func BenchmarkVisit(b *testing.B) {
	var html strings.Builder
	html.WriteString("<!doctype html>")
	const resources = 60
	paths := make([]string, 1, 1+resources)
	paths[0] = "/"
	for i := range resources {
		path := fmt.Sprintf("/%d.png", i)
		fmt.Fprintf(&html, "<p>Some text beside it.</p><img src=%s width=300 height=200 alt=''>\n", path)
		paths = append(paths, path)
	}
	base := quickServer(b, map[string]string{"/": html.String()}, strings.Repeat("x", 1<<10))
	client := fetch.NewClient(fetch.Config{})
	defer client.Close()
	list := make([]fetch.Target, len(paths))
	s := spec()
	for i, path := range paths {
		list[i] = fetch.Target{URL: base + path, Spec: s}
	}
	b.Run("way=page", func(b *testing.B) {
		options := page.Options{MaxResources: 500, Depth: 1, SpecOf: func(string, string) *fetch.Spec { return s }}
		for b.Loop() {
			run := page.New(list[0], options).Run(b.Context(), client, fetch.Options{Concurrency: 100}, nobody{})
			require.Equal(b, len(paths), run.Ok)
		}
	})
	b.Run("way=list", func(b *testing.B) {
		for b.Loop() {
			run := client.Run(b.Context(), fetch.Targets(list), fetch.Options{Concurrency: 6}, nobody{})
			require.Equal(b, len(paths), run.Ok)
		}
	})
}

// quickServer answers requests of HTTP/1.1 without a body, and costs little.
func quickServer(b *testing.B, files map[string]string, other string) string {
	b.Helper()
	listener, err := new(net.ListenConfig).Listen(b.Context(), "tcp", "127.0.0.1:0")
	require.NoError(b, err)
	b.Cleanup(func() { _ = listener.Close() })
	answer := func(body, kind string) []byte {
		return []byte("HTTP/1.1 200 OK\r\nServer: test\r\nDate: Mon, 06 Jan 2025 10:00:00 GMT\r\nContent-Type: " + kind +
			"\r\nContent-Length: " + fmt.Sprint(len(body)) + "\r\n\r\n" + body)
	}
	answers := map[string][]byte{}
	for path, body := range files {
		answers[path] = answer(body, "text/html")
	}
	rest := answer(other, "image/png")
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				buffer := make([]byte, 4<<10)
				for {
					n, err := conn.Read(buffer)
					if err != nil {
						return
					}
					_, path, _ := strings.Cut(string(buffer[:n]), " ")
					path, _, _ = strings.Cut(path, " ")
					reply, ok := answers[path]
					if !ok {
						reply = rest
					}
					if _, err := conn.Write(reply); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "http://" + listener.Addr().String()
}
