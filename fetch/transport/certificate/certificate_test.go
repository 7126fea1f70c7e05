package certificate_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// signed makes a certificate that has signed itself.
func signed(t *testing.T, serial int64, until time.Time, names ...string) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: until.AddDate(0, -3, 0), NotAfter: until, DNSNames: names,
		Subject: pkix.Name{CommonName: "a.example, of \"us\"", Organization: []string{"Ünïted + Co"}, Country: []string{"XX"}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return leaf
}

func TestDescriptionsAreThoseOfOpenSSL(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("openssl is not installed")
	}
	for _, serial := range []int64{1, 0x0A1B, 0x8000, 0x7FFFFFFFFFFFFFFF} {
		leaf := signed(t, serial, time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC), "a.example", "*.b.example")
		show := exec.CommandContext(t.Context(), openssl, "x509", "-noout", "-serial", "-sha256", "-fingerprint", "-subject", "-issuer", "-dates",
			"-dateopt", "iso_8601", "-nameopt", "RFC2253,utf8,-esc_msb", "-ext", "subjectAltName")
		show.Stdin = bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw}))
		out, err := show.CombinedOutput()
		require.NoError(t, err, string(out))
		shown := make(map[string]string)
		for line := range strings.Lines(string(out)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			shown[strings.ToLower(name)] = value
		}
		record := certificate.Of(leaf).Record(0)
		require.Equal(t, shown["serial"], record.Serial)
		require.Equal(t, strings.ToLower(strings.ReplaceAll(shown["sha256 fingerprint"], ":", "")), record.SHA256)
		require.Equal(t, shown["subject"], record.Subject)
		require.Equal(t, shown["issuer"], record.Issuer)
		require.Equal(t, shown["notbefore"], strings.Replace(record.NotBefore, "T", " ", 1))
		require.Equal(t, shown["notafter"], strings.Replace(record.NotAfter, "T", " ", 1))
		require.Contains(t, string(out), "DNS:"+strings.Join(record.DNSNames, ", DNS:"))
	}
}

func TestSerialNumbersThatMayNotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		serial *big.Int
		want   string
	}{
		{"none", nil, "00"},
		{"zero", new(big.Int), "00"},
		{"a negative one has whole bytes as well", big.NewInt(-10), "-0A"},
		{"a very long one", new(big.Int).Lsh(big.NewInt(1), 8*30), "01" + strings.Repeat("00", 30)},
	} {
		require.Equal(t, c.want, certificate.Of(&x509.Certificate{SerialNumber: c.serial}).Serial, c.what)
	}
}

func TestDaysLeft(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	end := time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what string
		at   time.Time
		want int
	}{
		{"whole days", end.Add(-14 * day), 14},
		{"a moment less than whole days", end.Add(-14*day + 1), 13},
		{"a moment more than whole days", end.Add(-14*day - 1), 14},
		{"an hour", end.Add(-time.Hour), 0},
		{"the last moment", end, 0},
		{"a moment after the end", end.Add(1), -1},
		{"an hour after the end", end.Add(time.Hour), -1},
		{"a day after the end", end.Add(day), -1},
		{"more than a day after the end", end.Add(day + 1), -2},
		{"another time zone", end.Add(-3 * day).In(time.FixedZone("", 3600*9)), 3},
		{"longer than a duration can be", time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), 741_228},
	} {
		require.Equal(t, c.want, certificate.DaysLeft(end, c.at), c.what)
	}
	forever := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	require.Equal(t, 2_912_442, certificate.DaysLeft(forever, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
}

func TestShortened(t *testing.T) {
	t.Parallel()
	names := make([]string, 5000)
	for i := range names {
		names[i] = fmt.Sprintf("%d.example", i)
	}
	info := certificate.Of(signed(t, 7, time.Now(), names...))
	require.Len(t, info.DNSNames, len(names))
	short := info.Shortened(func(s string) string { return s[:min(len(s), 9)] })
	require.Len(t, short.DNSNames, certificate.MaxNames)
	require.Equal(t, len(names)-certificate.MaxNames, short.More)
	require.Equal(t, "0.example", short.DNSNames[0])
	for _, text := range append(short.DNSNames, short.Subject, short.Issuer, short.Serial, short.SHA256) {
		require.LessOrEqual(t, len(text), 9)
	}
	require.Equal(t, short, short.Shortened(strings.Clone), "what is short already")
	require.Len(t, info.DNSNames, len(names), "the original is not changed")
}

func TestRecords(t *testing.T) {
	t.Parallel()
	require.Nil(t, (*certificate.Info)(nil).Record(5))
	data, err := json.Marshal(certificate.Of(&x509.Certificate{
		Subject: pkix.Name{CommonName: "a"}, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(1e9, 0),
	}).Record(-2))
	require.NoError(t, err)
	require.JSONEq(t, `{"subject": "CN=a", "issuer": "", "notBefore": "1970-01-01T00:00:00Z",
		"notAfter": "2001-09-09T01:46:40Z", "dnsNames": [], "serial": "00", "daysLeft": -2,
		"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}`, string(data))
}
