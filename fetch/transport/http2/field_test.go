package http2

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2/hpack"
)

// A field that is appended to a block is read as any other, whatever its length.
func TestAppendedFieldsAreRead(t *testing.T) {
	t.Parallel()
	for _, length := range []int{0, 1, 55, 126, 127, 128, 254, 255, 256, 20_000} {
		block, err := NewEncoder().Append(nil, &http.Request{URL: &url.URL{Scheme: "http", Host: "a", Path: "/b"}})
		require.NoError(t, err)
		value := strings.Repeat("x", length)
		fields, err := hpack.NewDecoder(4096, nil).DecodeFull(AppendField(block, "Traceparent", value))
		require.NoError(t, err)
		require.Equal(t, hpack.HeaderField{Name: "traceparent", Value: value}, fields[len(fields)-1])
		require.Equal(t, "/b", fields[3].Value)
	}
}
