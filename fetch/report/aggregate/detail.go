package aggregate

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

// Detail is what a report shows of a single result besides its figures. Secrets are masked in it, and its size is
// bounded: about 4 kB.
type Detail struct {
	Proto string
	// Remote is the address that answered, with its port.
	Remote string
	// TLS is the version and the cipher suite, e.g. "TLS 1.3" and "TLS_AES_128_GCM_SHA256", empty without TLS.
	TLSVersion, CipherSuite string
	// Certificate is that of the server, shortened, nil without TLS.
	Certificate *certificate.Info
	// Sent is the header of the first request, Received that of the last response, by name. Where they are too long,
	// some of their lines are left out.
	Sent, Received         []Field
	MoreSent, MoreReceived int
	// Redirects are the hops before the last: the first of them, if there are too many.
	Redirects []Redirect
	// BodySize is how many bytes the request's body had.
	BodySize int64
}

// Field is a line of a header.
type Field struct{ Name, Value string }

// Redirect is one hop on the way to the last response.
type Redirect struct {
	URL     string
	Status  int
	Timings transport.Timings
}

// What is kept of a result in detail is bounded, in bytes.
const (
	maxDetail    = 4 << 10 // all of it
	maxValue     = 512     // a line of a header, or a URL
	maxSubject   = 256
	maxRedirects = 10

	fieldSize    = 32  // of a field without its texts
	redirectSize = 112 // the same of a redirect
)

// details makes details. It remembers what it has made: many results have their heads in common, or their headers, and
// those of a connection have its certificate.
type details struct {
	leaf        *x509.Certificate
	certificate *certificate.Info
	last        Detail
	made        map[any]*Detail // by [fetch.Result.HeadKey]
}

// of returns the details of a result that ran, which others may have as well. It copies what it keeps, so that nothing
// else of the result stays in memory.
func (d *details) of(r *fetch.Result) *Detail {
	key := r.HeadKey()
	if key == nil {
		return d.build(r)
	}
	made := d.made[key]
	if made == nil {
		if d.made == nil {
			d.made = make(map[any]*Detail)
		}
		made = d.build(r)
		d.made[key] = made
	}
	return made
}

func (d *details) build(r *fetch.Result) *Detail {
	detail := &Detail{BodySize: int64(r.FirstSent().Body)}
	resp := r.Response
	if resp == nil {
		return detail
	}
	left := allowance(maxDetail)
	detail.Proto = left.text(resp.Proto, maxSubject)
	if conn := resp.Conn; conn != nil {
		if conn.Remote != nil {
			detail.Remote = left.text(conn.Remote.String(), maxSubject)
		}
		if conn.TLSVersion != 0 {
			detail.TLSVersion, detail.CipherSuite = tls.VersionName(conn.TLSVersion), tls.CipherSuiteName(conn.TLSCipherSuite)
		}
		if conn.Certificate != d.leaf {
			d.leaf, d.certificate = conn.Certificate, left.certificateOf(conn.CertificateInfo())
		}
		detail.Certificate = d.certificate
	}
	for _, hop := range resp.Redirects[:min(len(resp.Redirects), maxRedirects)] {
		if left -= redirectSize; left > 0 {
			detail.Redirects = append(detail.Redirects, Redirect{left.text(hop.URL, maxValue), hop.Status, hop.Timings})
		}
	}
	half := left / 2 //nolint:mnd // so that something is left for what was received
	left -= half
	detail.Sent, detail.MoreSent = half.fields(resp.SentHeader)
	left += half
	detail.Received, detail.MoreReceived = left.fields(resp.Header())
	share(&detail.Sent, d.last.Sent)
	share(&detail.Received, d.last.Received)
	d.last = *detail
	return detail
}

// share makes one list of two alike.
func share(fields *[]Field, other []Field) {
	if slices.Equal(*fields, other) {
		*fields = other
	}
}

// allowance is how many bytes may be kept yet.
type allowance int

// text returns a copy of a text of up to so many bytes.
func (a *allowance) text(s string, most int) string {
	s = strings.Clone(cutTo(s, max(0, min(most, int(*a)))))
	*a -= allowance(len(s))
	return s
}

// fields returns the lines of a header, masked, and how many of them found no place.
func (a *allowance) fields(h http.Header) (fields []Field, more int) {
	for f := range Masked(h) {
		if *a -= fieldSize; int(*a) < len(f.Name) {
			more++
			continue
		}
		fields = append(fields, Field{a.text(f.Name, maxValue), a.text(f.Value, maxValue)})
	}
	return fields, more
}

func (a *allowance) certificateOf(info *certificate.Info) *certificate.Info {
	if info == nil {
		return nil
	}
	return info.Shortened(func(s string) string { return a.text(s, maxSubject) })
}

// BoundedCertificate returns what reports keep of a certificate, however large that is. It returns nil for nil.
func BoundedCertificate(info *certificate.Info) *certificate.Info {
	left := allowance(maxDetail)
	return left.certificateOf(info)
}
