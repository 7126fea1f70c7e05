package js_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// sent is a request as it came to a server.
type sent struct{ Kind, Body string }

// receive runs a file of judged/ against a server that keeps what is posted to its paths.
func receive(t *testing.T, name string) map[string]sent {
	t.Helper()
	var mu sync.Mutex
	came := make(map[string]sent)
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		came[r.URL.Path[1:]] = sent{r.Header.Get("Content-Type"), string(body)}
	}))
	defer srv.Close()
	out := judge(t, &web.Server{Server: srv}, name)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	return came
}

// node runs a file of judged/ and returns the JSON that it prints.
func node(t *testing.T, name string, in, out any) {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skip("there is no node")
	}
	require.NoError(t, err)
	data, err := json.Marshal(in)
	require.NoError(t, err)
	command := exec.CommandContext(t.Context(), path, testdata(t, "judged/"+name))
	command.Stdin = bytes.NewReader(data)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	printed, err := command.Output()
	require.NoError(t, err, stderr.String())
	require.NoError(t, json.Unmarshal(printed, out))
}

// TestFormsAreThoseOfBrowsers compares forms with those that Node makes of the same JavaScript.
func TestFormsAreThoseOfBrowsers(t *testing.T) {
	t.Parallel()
	came := receive(t, "forms")
	var compared map[string]struct{ Want, Got any }
	node(t, "node-forms.mjs", came, &compared)
	require.Len(t, compared, len(came))
	for name, c := range compared {
		require.Equal(t, c.Want, c.Got, name)
		kind := "application/x-www-form-urlencoded"
		if _, isText := c.Want.(string); !isText {
			kind = "multipart/form-data; boundary="
		}
		require.True(t, strings.HasPrefix(came[name].Kind, kind), "%s: %s", name, came[name].Kind)
	}
}

// TestFormsOfHTTPBatch has the forms that are sane in k6, sent by both.
func TestFormsOfHTTPBatch(t *testing.T) {
	t.Parallel()
	came := receive(t, "sane-forms")
	require.Len(t, came, 12)
	for path, got := range came {
		if name, ok := strings.CutPrefix(path, "fetch/"); ok {
			require.Equal(t, came["batch/"+name], got, name)
		}
	}
}
