package shop

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// pack compresses a text.
func pack(body []byte) []byte {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	_, _ = w.Write(body) // a buffer takes everything
	_ = w.Close()
	return packed.Bytes()
}

// acceptsGzip reports whether a request names gzip, or anything, as a coding that it takes.
func acceptsGzip(r *http.Request) bool {
	accepts := map[string]bool{}
	for coding := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, parameters, _ := strings.Cut(coding, ";")
		_, quality, hasQuality := strings.Cut(parameters, "=")
		q, err := strconv.ParseFloat(strings.TrimSpace(quality), 64)
		accepts[strings.ToLower(strings.TrimSpace(name))] = !hasQuality || err == nil && q > 0
	}
	if accepted, named := accepts["gzip"]; named {
		return accepted
	}
	return accepts["*"]
}
