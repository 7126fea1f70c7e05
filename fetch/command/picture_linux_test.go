package command_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/terminal"
)

//nolint:gochecknoglobals // a flag
var picture = flag.Bool("picture", false, "write the picture of the command to docs/images")

// TestPicture films the command on a terminal. With -picture, the film becomes the picture of the documents.
//
//nolint:paralleltest // the film shows times
func TestPicture(t *testing.T) {
	const width = 96
	names := []string{"news", "wiki", "search", "shop", "maps"}
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i, name := range names {
			if strings.HasPrefix(r.Host, name+".") {
				time.Sleep(time.Duration(250+i*340%900) * time.Millisecond)
			}
		}
		if strings.HasPrefix(r.Host, "shop.") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(srv.Close)
	hosts, urls := make(map[string]string), make([]string, len(names))
	for i, name := range names {
		hosts[name+".example"] = strings.TrimPrefix(srv.URL, "https://")
		urls[i] = "https://" + name + ".example"
	}
	config, err := json.Marshal(map[string]any{"insecureSkipTLSVerify": true, "hosts": hosts})
	require.NoError(t, err)
	screen := terminal.Open(t, width)
	c := k6test.Command{
		Dir: files(t, map[string]string{configFile: string(config)}), Env: colored(),
		Root: []string{"--config", configFile, "--log-output", "none"}, Args: urls,
	}
	began := time.Now()
	p := onTerminal(t, screen, c)
	var film terminal.Film
	done := make(chan int)
	go func() { done <- p.Wait().ExitCode }()
	ticks := time.NewTicker(50 * time.Millisecond)
	defer ticks.Stop()
	status := -1
	for status < 0 {
		select {
		case <-ticks.C:
			film.Shoot(screen.Terminal, time.Since(began))
		case status = <-done:
		}
	}
	require.Equal(t, 99, status)
	screen.Hang(t)
	film.Shoot(screen.Terminal, time.Since(began))
	svg := film.SVG(width, "k6 x fetch "+strings.Join(urls, " ")[:width-16]+"…", "k6 x fetch: a line for each URL as it ends, and the total")
	require.Contains(t, svg, "1 of 5 URLs failed in")
	require.Contains(t, svg, "█")
	path := filepath.Join("..", "..", "docs", "images", "command.svg")
	if *picture {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(svg), 0o644))
	}
	kept := readFile(t, filepath.Dir(path), filepath.Base(path))
	for _, text := range slices.Concat(urls, []string{"1 of 5 URLs failed in", "80 % 4 of 5, 1 failed"}) {
		require.Contains(t, kept, text, "make the picture anew: go test ./fetch/command -run TestPicture -picture")
	}
}
