package http1

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// A header that is appended to a request is read as any other.
func TestAppendedFieldsAreRead(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		for _, closing := range []bool{false, true} {
			req, err := http.NewRequestWithContext(t.Context(), method, "http://a.example/b?c", nil)
			require.NoError(t, err)
			wire, err := AppendWire(nil, req, closing)
			require.NoError(t, err)
			read, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(AppendField(wire, "Traceparent", "00-a"))))
			require.NoError(t, err)
			require.Equal(t, []string{"00-a"}, read.Header["Traceparent"])
			require.Equal(t, []any{method, "/b?c", closing}, []any{read.Method, read.RequestURI, read.Close})
			require.NoError(t, read.Body.Close())
		}
	}
}
