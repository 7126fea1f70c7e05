package command_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// codeOf checks k6's code of the first result.
func codeOf(want int) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		require.Equal(t, want, results[0].ErrorCode, "%+v", results[0])
	}
}

func protoOf(want string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		require.Equal(t, want, results[0].Proto, "%+v", results[0])
	}
}

func protosOf(want ...string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		require.Len(t, results, len(want))
		for i := range want {
			require.Equal(t, want[i], results[i].Proto, "%+v", results[i])
		}
	}
}

func earlyData(want ...bool) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		results, _ := read(t, out)
		require.Len(t, results, len(want))
		for i := range want {
			require.Equal(t, want[i], results[i].EarlyData, "%+v", results[i])
		}
	}
}

func logged(want string) func(t *testing.T, site *web.Site, out *k6test.Outcome) {
	return func(t *testing.T, _ *web.Site, out *k6test.Outcome) {
		t.Helper()
		require.Contains(t, out.Stderr, want)
	}
}

func networkCases() []flagCase {
	const hosts = "--hosts web.test={BASE_HOST} "
	return []flagCase{
		{flag: "insecure", sentence: "a certificate that nobody has signed", args: "--json -k {TLS}/echo", check: codeOf(0)},
		{flag: "insecure", sentence: "without it, such a certificate fails", args: "--json {TLS}/echo", exit: 99, check: codeOf(1310)},
		{flag: "http1.1", sentence: "of a server that has both", args: "--json -k --http1.1 {TLS2}/echo", check: protoOf("HTTP/1.1")},
		{flag: "http2", sentence: "with TLS", args: "--json -k --http2 {TLS2}/echo", check: protoOf("HTTP/2.0")},
		{flag: "http2", sentence: "without TLS", args: "--json --http2 {PLAIN2}/echo", check: protoOf("HTTP/2.0")},
		{flag: "http2", sentence: "of a server that has none", args: "--json --http2 {BASE}/echo", exit: 99, check: codeOf(1600)},
		{flag: "http3", sentence: "of a server that has it", args: "--json -k --http3 {TLS2}/echo", check: protoOf("HTTP/3.0")},
		{flag: "http3", sentence: "of a server that has none", args: "--json -k --http3 {TLS}/echo", exit: 99, check: codeOf(1801)},
		{flag: "http3", sentence: "without TLS", args: "--json --http3 {BASE}/echo", exit: 99, check: codeOf(1800)},
		{
			flag: "alt-svc", sentence: "after an offer", args: "--json -k --sequential --alt-svc {TLS2}/alt-svc {TLS2}/echo",
			check: protosOf("HTTP/2.0", "HTTP/3.0"),
		},
		{flag: "alt-svc", sentence: "without it, no offer is taken", args: "--json -k --sequential {TLS2}/alt-svc {TLS2}/echo", check: protosOf("HTTP/2.0", "HTTP/2.0")},
		{
			flag: "early-data", sentence: "on a resumed connection",
			args:  "--json -k --sequential --no-connection-reuse --http3 --early-data {TLS2}/echo {TLS2}/echo",
			check: earlyData(false, true),
		},
		{
			flag: "early-data", sentence: "not of a POST",
			args:  "--json -k --sequential --no-connection-reuse --http3 --early-data -d a {TLS2}/echo {TLS2}/echo",
			check: earlyData(false, false),
		},
		{flag: "dns", sentence: "a policy that no address has", args: "--json --dns ttl=0,select=first,policy=onlyIPv6 http://localhost:1/", exit: 99, check: statusOf(0)},
		{flag: "hosts", sentence: "a host and a port", args: "--json " + hosts + "http://web.test/status/200", check: statusOf(200)},
		{flag: "hosts", sentence: "a pattern", args: "--json --hosts *.test={BASE_HOST} http://a.test/status/200", check: statusOf(200)},
		{
			flag: "resolve", sentence: "as curl has it", args: "--json --resolve 127.0.0.3:1:127.0.0.1 --resolve a.test:*:127.0.0.1 http://a.test:1/", exit: 99,
			check: codeOf(1212), // the name was resolved
		},
		{flag: "resolve", sentence: "of a port", args: "--json --resolve web.test:{BASE_PORT}:127.0.0.1 http://web.test:{BASE_PORT}/echo", check: statusOf(200)},
		{flag: "resolve", sentence: "another port is looked up", args: "--json --resolve a.invalid:2:127.0.0.1 http://a.invalid:1/", exit: 99, check: codeOf(1101)},
		{flag: "blacklist-ip", sentence: "a range", args: "--json --blacklist-ip 10.0.0.0/8 --blacklist-ip 127.0.0.0/8 {BASE}/echo", exit: 99, check: codeOf(1110)},
		{flag: "block-hostnames", sentence: "a pattern, of several", args: "--json " + hosts + "--block-hostnames a.b,*.test http://web.test/echo", exit: 99, check: codeOf(1111)},
		{
			flag: "no-connection-reuse", sentence: "one for each", args: "--sequential --no-connection-reuse {BASE}/echo {BASE}/echo {BASE}/echo",
			check: func(t *testing.T, site *web.Site, _ *k6test.Outcome) {
				t.Helper()
				require.EqualValues(t, 3, site.Web.Conns())
			},
		},
		{flag: "http-debug", sentence: "headers", args: "--http-debug {BASE}/echo -H X-A:b", check: logged("X-A: b")},
		{flag: "http-debug", sentence: "bodies", args: "--http-debug=full {BASE}/echo -d text=it", check: logged("text=it")},
	}
}
