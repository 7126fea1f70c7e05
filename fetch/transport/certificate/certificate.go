// Package certificate describes the certificates of servers, as scripts and reports show them.
package certificate

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"math/big"
	"strings"
	"time"
)

// Info describes a certificate. It must not be changed, because results share it.
type Info struct {
	// Subject and Issuer are distinguished names as RFC 2253 writes them: "CN=a.example,O=Example".
	Subject, Issuer     string
	NotBefore, NotAfter time.Time
	// DNSNames are the hosts that it is for. A shortened Info has the first of them, and More is how many it has not.
	DNSNames []string
	More     int
	// Serial is the serial number in hexadecimal, as openssl prints it: "0A1B".
	Serial string
	// SHA256 is the digest of the whole certificate in hexadecimal, in lower case.
	SHA256 string
}

// Of describes a certificate.
func Of(leaf *x509.Certificate) *Info {
	digest := sha256.Sum256(leaf.Raw)
	return &Info{
		Subject: leaf.Subject.String(), Issuer: leaf.Issuer.String(),
		NotBefore: leaf.NotBefore.UTC(), NotAfter: leaf.NotAfter.UTC(),
		DNSNames: leaf.DNSNames, Serial: serial(leaf.SerialNumber), SHA256: hex.EncodeToString(digest[:]),
	}
}

// serial writes a serial number in whole bytes.
func serial(n *big.Int) string {
	if n == nil || n.Sign() == 0 {
		return "00"
	}
	digits := strings.ToUpper(hex.EncodeToString(n.Bytes()))
	if n.Sign() < 0 {
		return "-" + digits
	}
	return digits
}

const secondsPerDay = 24 * 60 * 60

// DaysLeft returns for how many whole days a certificate is valid from a time on. It is negative for one that has
// expired: -1 on the first day after its end.
func DaysLeft(notAfter, at time.Time) int {
	left := notAfter.Unix() - at.Unix() // a [time.Duration] ends after 292 years
	if at.Nanosecond() > notAfter.Nanosecond() {
		left--
	}
	days := left / secondsPerDay
	if left%secondsPerDay < 0 {
		days--
	}
	return int(days)
}

// MaxNames is how many hosts a shortened Info has.
const MaxNames = 10

// Shortened returns a copy with the first hosts only. Each of its texts is what short returns for it.
func (i *Info) Shortened(short func(string) string) *Info {
	more := max(0, len(i.DNSNames)-MaxNames)
	c := &Info{
		Subject: short(i.Subject), Issuer: short(i.Issuer), NotBefore: i.NotBefore, NotAfter: i.NotAfter,
		More: i.More + more, Serial: short(i.Serial), SHA256: short(i.SHA256),
	}
	for _, name := range i.DNSNames[:len(i.DNSNames)-more] {
		c.DNSNames = append(c.DNSNames, short(name))
	}
	return c
}

// Record is a certificate in the form of scripts and reports.
type Record struct {
	Subject   string   `json:"subject"`
	Issuer    string   `json:"issuer"`
	NotBefore string   `json:"notBefore"`
	NotAfter  string   `json:"notAfter"`
	DNSNames  []string `json:"dnsNames"`
	More      int      `json:"moreNames,omitempty"` // hosts that are left out
	Serial    string   `json:"serial"`
	SHA256    string   `json:"sha256"`
	DaysLeft  int      `json:"daysLeft"`
}

// Record returns the description as a record, nil for nil. daysLeft is what DaysLeft returned when it mattered.
func (i *Info) Record(daysLeft int) *Record {
	if i == nil {
		return nil
	}
	names := i.DNSNames
	if names == nil {
		names = []string{} // JSON has an empty array
	}
	return &Record{
		i.Subject, i.Issuer, i.NotBefore.Format(time.RFC3339), i.NotAfter.Format(time.RFC3339), names, i.More,
		i.Serial, i.SHA256, daysLeft,
	}
}
