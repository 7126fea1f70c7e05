package fetch_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

func TestNTLMLogsIn(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, scheme string
		offer        []string
	}{
		{"where NTLM is offered", "NTLM", []string{"NTLM"}},
		{"where Negotiate is", "Negotiate", []string{"Negotiate"}},
		{"where both are, on two lines", "NTLM", []string{"Negotiate", "NTLM"}},
		{"where both are, on one line", "NTLM", []string{"Negotiate, NTLM"}},
		{"where others are as well", "NTLM", []string{`Basic realm="a, b", Digest realm="two words"`, "Bearer", "ntlm"}},
		{"where blanks are", "Negotiate", []string{" \t, Negotiate , "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newNTLMServer(t, test.scheme, validNTLM(), test.offer...)
			client := newClient(t, fetch.Config{})
			target := withUser(s.base, ntlmUser, ntlmPassword)
			list := targets(ntlmSpec(), target+"/", target+"/2")
			obs := &recorder{}
			run := client.Run(t.Context(), list, fetch.Options{Concurrency: 1}, obs)
			require.Empty(t, s.problems)
			first, second := run.Results.At(0), run.Results.At(1)
			require.Equal(t, "POST sent", body(first), first.Error)
			require.Equal(t, []int{3, 1}, []int{first.Requests, first.Attempts})
			require.Equal(t, "POST sent", body(second))
			require.Equal(t, 1, second.Requests, "the connection is logged in")
			require.Len(t, s.state, 1)
			require.Empty(t, s.seen[0].Get("Authorization"))
			for _, x := range obs.exchanges {
				require.True(t, x.Expected, "a challenge that is answered is no failure")
			}
			require.NotContains(t, fmt.Sprint(s.seen, first.Response.SentHeader), "Basic")
		})
	}
}

func TestNTLMOfHostileServers(t *testing.T) {
	t.Parallel()
	valid := validNTLM()
	encoded := base64.StdEncoding.EncodeToString
	change := func(change func(*ntlmMessage)) string { return " " + encoded(validNTLM(change)) }
	info := func(info string) string { return change(func(m *ntlmMessage) { m.info = info }) }
	for name, challenge := range map[string]string{
		"none":                             "",
		"a blank":                          " ",
		"nothing that is base64":           " !!!!",
		"base64 of half a character":       " TlRMT",
		"base64 of nothing":                " ====",
		"bytes that are no text":           " \xff\xfe",
		"a parameter":                      ` realm="two words"`,
		"the signature alone":              " " + encoded(valid[:8]),
		"a message cut off in its head":    " " + encoded(valid[:40]),
		"a message cut off in its content": " " + encoded(valid[:70]),
		"another signature":                change(func(m *ntlmMessage) { m.signature = "NTLMSSP\x01" }),
		"a message of type 1":              change(func(m *ntlmMessage) { m.kind = 1 }),
		"a message of type 3":              change(func(m *ntlmMessage) { m.kind = 3 }),
		"a message of type 2^32-1":         change(func(m *ntlmMessage) { m.kind = 1<<32 - 1 }),
		"a name beyond the end":            change(func(m *ntlmMessage) { m.nameAt = 1<<32 - 1 }),
		"a name of 65535 bytes":            change(func(m *ntlmMessage) { m.nameLen = 1<<16 - 1 }),
		"a name of an odd length":          change(func(m *ntlmMessage) { m.nameLen = 3 }),
		"target info beyond the end":       change(func(m *ntlmMessage) { m.infoAt = 1<<32 - 4 }),
		"target info of 65535 bytes":       change(func(m *ntlmMessage) { m.infoLen = 1<<16 - 1 }),
		"target info without an end":       info("\x02\x00\x0c\x00" + utf16("Domain")),
		"target info of one byte":          info("\x02"),
		"a pair without a length":          info("\x02\x00\x0c"),
		"a pair longer than the info":      info("\x02\x00\xff\xffab\x00\x00\x00\x00"),
		"an empty pair":                    info("\x02\x00\x00\x00"),
		"a demand for a key exchange":      change(func(m *ntlmMessage) { m.flags |= 0x40000000 }),
		"a demand for LM":                  change(func(m *ntlmMessage) { m.flags |= 0x80 }),
		"a demand for no Unicode":          change(func(m *ntlmMessage) { m.flags &^= 1 }),
		"a message of 1 MB":                " " + encoded(append(valid, make([]byte, 1<<20)...)),
		"target info too long to repeat": info("\x02\x00\xf0\xff" + strings.Repeat("x", 0xfff0) +
			"\x00\x00\x00\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newNTLMServer(t, "NTLM", nil, "Negotiate, NTLM")
			s.challenge = func() string { return challenge }
			r, exchanges := get(t, ntlmSpec(), withUser(s.base, ntlmUser, ntlmPassword)+"/")
			require.Empty(t, s.problems)
			require.Equal(t, []int{401, 1401}, []int{r.Status, r.ErrorCode}, r.Error)
			require.Equal(t, "who are you?", body(r), "the 401 is the answer")
			require.Equal(t, []int{2, 1}, []int{r.Requests, r.Attempts})
			require.Equal(t, []bool{true, false}, []bool{exchanges[0].Expected, exchanges[1].Expected})
			require.NotContains(t, fmt.Sprint(exchanges, r.Error, r.URL(), r.Name()), ntlmPassword)
		})
	}
}

// Some odd messages can be answered, as far as the library can see. The server decides then.
func TestNTLMOfOddServers(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*ntlmMessage){
		"no target name":                func(m *ntlmMessage) { m.name = "" },
		"no target info":                func(m *ntlmMessage) { m.info = "" },
		"a pair that comes twice":       func(m *ntlmMessage) { m.info = "\x02\x00\x01\x00a" + m.info },
		"a pair of unknown kind":        func(m *ntlmMessage) { m.info = "\xff\xff\x01\x00a\x00\x00\x00\x00" },
		"a timestamp of no length":      func(m *ntlmMessage) { m.info = "\x07\x00\x00\x00\x00\x00\x00\x00" },
		"bytes behind the pairs":        func(m *ntlmMessage) { m.info += "more" },
		"a name that overlaps the head": func(m *ntlmMessage) { m.nameAt = 8 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newNTLMServer(t, "NTLM", validNTLM(change), "NTLM")
			r, exchanges := get(t, ntlmSpec(), withUser(s.base, ntlmUser, ntlmPassword)+"/")
			require.Empty(t, s.problems)
			require.Equal(t, 200, r.Status, r.Error)
			require.Len(t, exchanges, 3)
		})
	}
}

func TestNTLMGivesUp(t *testing.T) {
	t.Parallel()
	message := " " + base64.StdEncoding.EncodeToString(validNTLM())
	for _, test := range []struct {
		name, header string
		requests     int
	}{
		{"where a server asks for something else", `Digest realm="r", nonce="n", Basic realm="NTLM"`, 1},
		{"where a server asks for nothing", "", 1},
		{"where a server does not go on", "NTLM", 2},
		{"where a server refuses each login", "NTLM" + message, 3},
		{"where a server refuses each login of another scheme", "Negotiate" + message + ", NTLM", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := 0
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				n++
				w.Header().Set("Www-Authenticate", test.header)
				w.WriteHeader(http.StatusUnauthorized)
				_, _ = fmt.Fprint(w, n)
			})
			r, exchanges := get(t, ntlmSpec(), withUser(base, ntlmUser, ntlmPassword)+"/")
			require.Equal(t, []int{401, 1401}, []int{r.Status, r.ErrorCode})
			require.Equal(t, []int{test.requests, 1}, []int{r.Requests, r.Attempts})
			require.Equal(t, fmt.Sprint(test.requests), body(r), "the last 401 is the answer")
			for i, x := range exchanges {
				require.Equal(t, x.Expected, i < test.requests-1, "only the last counts as a failure")
			}
		})
	}
}

func TestNTLMFailsInTheMiddle(t *testing.T) {
	t.Parallel()
	// The n-th request finds its connection closed. The request before was answered with a challenge, which is not the
	// result.
	for n := 1; n <= 3; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			come := 0
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				if come++; come >= n {
					panic(http.ErrAbortHandler)
				}
				w.Header().Set("Www-Authenticate", "NTLM "+base64.StdEncoding.EncodeToString(validNTLM()))
				w.WriteHeader(http.StatusUnauthorized)
			})
			r, exchanges := get(t, ntlmSpec(), withUser(base, ntlmUser, ntlmPassword)+"/")
			require.Equal(t, []int{0, 1000}, []int{r.Status, r.ErrorCode}, r.Error)
			require.Equal(t, fetch.StateFailed, r.State)
			require.Len(t, exchanges, n)
			require.False(t, exchanges[n-1].Expected)
		})
	}
}

func TestNTLMOfChallengesThatDoNotEnd(t *testing.T) {
	t.Parallel()
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			return
		}
		w.Header().Set("Www-Authenticate", "NTLM")
		w.WriteHeader(http.StatusUnauthorized)
		for {
			if _, err := w.Write(make([]byte, 64<<10)); err != nil {
				return
			}
		}
	})
	r, exchanges := get(t, spec(func(s *fetch.Spec) { s.Auth, s.Timeout = transport.AuthNTLM, 20*time.Second }),
		withUser(base, ntlmUser, ntlmPassword)+"/")
	require.Equal(t, 200, r.Status, r.Error)
	require.Len(t, exchanges, 2)
}

func TestNTLMNeedsCredentials(t *testing.T) {
	t.Parallel()
	s := newNTLMServer(t, "NTLM", validNTLM(), "NTLM")
	for _, test := range []struct{ target, header string }{
		{s.base + "/", ""},
		{withUser(s.base, ntlmUser, ntlmPassword) + "/", "Bearer x"},
	} {
		r, exchanges := get(t, spec(func(s *fetch.Spec) {
			s.Auth = transport.AuthNTLM
			if test.header != "" {
				s.Header = authorization(test.header)
			}
		}), test.target)
		require.Equal(t, 401, r.Status)
		require.Len(t, exchanges, 1)
		require.False(t, exchanges[0].Expected)
	}
}

// roundTripper is a function as a transport.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Between the challenge and the answer the connection is free, and net/http gives it to the first request that comes.
// The server then refuses the answer, because it did not challenge the new connection.
func TestNTLMLogsInAgainWhereItsConnectionIsTaken(t *testing.T) {
	t.Parallel()
	s := newNTLMServer(t, "NTLM", validNTLM(), "NTLM")
	taken, release := make(chan struct{}), make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/take" {
			close(taken)
			<-release
			return
		}
		s.serve(w, r)
	})
	var client *fetch.Client
	var other sync.WaitGroup
	logins := 0
	client = newClient(t, fetch.Config{Wrap: func(_ *fetch.Target, rt http.RoundTripper) http.RoundTripper {
		return roundTripper(func(req *http.Request) (*http.Response, error) {
			token, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(req.Header.Get("Authorization"), "NTLM "))
			if !bytes.HasPrefix(token, []byte("NTLMSSP\x00\x03")) {
				return rt.RoundTrip(req)
			}
			if logins++; logins > 1 {
				return rt.RoundTrip(req)
			}
			other.Go(func() {
				client.Run(t.Context(), targets(spec(), base+"/take"), fetch.Options{Concurrency: 1}, &recorder{})
			})
			<-taken
			defer close(release)
			return rt.RoundTrip(req)
		})
	}})
	obs := &recorder{}
	list := targets(ntlmSpec(), withUser(base, ntlmUser, ntlmPassword)+"/")
	r := client.Run(t.Context(), list, fetch.Options{Concurrency: 1}, obs).Results.At(0)
	other.Wait()
	require.Equal(t, "POST sent", body(r), r.Error)
	require.Len(t, s.problems, 1, "the server saw it happen")
	require.Equal(t, 2, logins)
	require.Equal(t, 5, r.Requests)
}

func TestNTLMDoesNotLogInAgainWhereTheServerHangsUp(t *testing.T) {
	t.Parallel()
	s := newNTLMServer(t, "NTLM", validNTLM(), "NTLM")
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		s.serve(w, r)
	})
	r, exchanges := get(t, ntlmSpec(), withUser(base, ntlmUser, ntlmPassword)+"/")
	require.Equal(t, 401, r.Status, r.Error)
	require.Len(t, exchanges, 3)
}

// FuzzNTLMChallenge checks that any headers lead to one result after at most three requests.
func FuzzNTLMChallenge(f *testing.F) {
	valid := validNTLM()
	f.Add("NTLM", "NTLM ", valid)
	f.Add("Negotiate, NTLM", "NTLM ", valid[:40])
	f.Add("Negotiate", "Negotiate ", validNTLM(func(m *ntlmMessage) { m.info = "\x07\x00\x02\x00ab" }))
	f.Add("Negotiate", `Basic realm="a, b", Negotiate `, validNTLM(func(m *ntlmMessage) { m.name = "" }))
	f.Add("NTLM", "NTLM ====", []byte{})
	var mu sync.Mutex
	var offer, reply string
	base := serve(f, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header()["Www-Authenticate"] = []string{offer}
		if r.Header.Get("Authorization") != "" {
			w.Header()["Www-Authenticate"] = []string{reply}
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	client := newClient(f, fetch.Config{})
	list := []fetch.Target{{URL: withUser(base, ntlmUser, ntlmPassword) + "/", Spec: ntlmSpec()}}
	f.Fuzz(func(t *testing.T, first, second string, message []byte) {
		mu.Lock()
		offer, reply = first, second+base64.StdEncoding.EncodeToString(message)
		mu.Unlock()
		obs := &recorder{}
		run := client.Run(t.Context(), fetch.Targets(list), fetch.Options{Concurrency: 1}, obs)
		r := run.Results.At(0)
		if len(obs.finished) != 1 || run.Failed != 1 || r.Status != 401 && r.ErrorCode != failure.CodeGeneric {
			t.Fatalf("%d results, %d failed, status %d: %s", len(obs.finished), run.Failed, r.Status, r.Error)
		}
		if len(obs.exchanges) != r.Requests || r.Requests > 3 {
			t.Fatalf("%d requests, %d exchanges", r.Requests, len(obs.exchanges))
		}
	})
}
