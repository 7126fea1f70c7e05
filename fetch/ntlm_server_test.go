package fetch_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// The user of MS-NLMP, section 4.2, and what a server keeps of the password: NTOWFv2 of section 4.2.4.1.1.
const (
	ntlmUser     = `Domain\User`
	ntlmPassword = "Password"
	ntlmKey      = "0c868a403bfd7a93a3001ef22ef02e3f"
)

// ntlmMessage is a server's challenge with the parts of MS-NLMP, section 2.2.1.2, that tests change.
type ntlmMessage struct {
	signature string
	kind      uint32
	flags     uint32
	// The fields of TargetName and TargetInfo: length and offset. An offset of 0 puts the content where it belongs.
	name, info       string
	nameLen, infoLen uint16
	nameAt, infoAt   uint32
}

// validNTLM is a challenge as Windows sends it, without a timestamp.
func validNTLM(changes ...func(*ntlmMessage)) []byte {
	m := ntlmMessage{
		signature: "NTLMSSP\x00", kind: 2, flags: 0xa2898205 &^ 0x40000000, name: utf16("Server"),
		info: "\x02\x00\x0c\x00" + utf16("Domain") + "\x01\x00\x0c\x00" + utf16("Server") + "\x00\x00\x00\x00",
	}
	for _, change := range changes {
		change(&m)
	}
	return m.bytes()
}

const ntlmServerChallenge = "\x01\x23\x45\x67\x89\xab\xcd\xef"

func (m ntlmMessage) bytes() []byte {
	const head = 56
	if m.nameAt == 0 {
		m.nameAt = head
	}
	if m.infoAt == 0 {
		m.infoAt = head + uint32(len(m.name))
	}
	if m.nameLen == 0 {
		m.nameLen = uint16(len(m.name))
	}
	if m.infoLen == 0 {
		m.infoLen = uint16(len(m.info))
	}
	out := []byte(m.signature)
	out = binary.LittleEndian.AppendUint32(out, m.kind)
	out = binary.LittleEndian.AppendUint16(out, m.nameLen)
	out = binary.LittleEndian.AppendUint16(out, m.nameLen)
	out = binary.LittleEndian.AppendUint32(out, m.nameAt)
	out = binary.LittleEndian.AppendUint32(out, m.flags)
	out = append(out, ntlmServerChallenge+strings.Repeat("\x00", 8)...)
	out = binary.LittleEndian.AppendUint16(out, m.infoLen)
	out = binary.LittleEndian.AppendUint16(out, m.infoLen)
	out = binary.LittleEndian.AppendUint32(out, m.infoAt)
	out = append(out, "\x06\x00\x70\x17\x00\x00\x00\x0f"...) // the version
	return append(out, m.name+m.info...)
}

func utf16(ascii string) string {
	return strings.Join(strings.Split(ascii, ""), "\x00") + "\x00"
}

// verifyNTLM checks the answer to a challenge (MS-NLMP, section 3.3.2): that it knows the password of the user.
func verifyNTLM(message []byte) error {
	if len(message) < 64 || string(message[:12]) != "NTLMSSP\x00\x03\x00\x00\x00" {
		return fmt.Errorf("no answer: %q", message)
	}
	field := func(at int) string {
		length := uint32(binary.LittleEndian.Uint16(message[at:]))
		from := binary.LittleEndian.Uint32(message[at+4:])
		if uint64(from)+uint64(length) > uint64(len(message)) {
			return ""
		}
		return string(message[from : from+length])
	}
	response, domain, user := field(20), field(28), field(36)
	if domain != utf16("Domain") || user != utf16("User") || len(response) < 44 {
		return fmt.Errorf("domain %q, user %q, response %q", domain, user, response)
	}
	key, err := hex.DecodeString(ntlmKey)
	if err != nil {
		return err
	}
	mac := hmac.New(md5.New, key)
	mac.Write([]byte(ntlmServerChallenge + response[16:]))
	if !hmac.Equal(mac.Sum(nil), []byte(response[:16])) {
		return errors.New("wrong password")
	}
	return nil
}

// ntlmServer logs connections in, as servers of NTLM do.
type ntlmServer struct {
	base      string
	offer     []string // of a request without a login
	scheme    string
	challenge func() string // the value behind the scheme

	mu       sync.Mutex
	state    map[string]string // of each connection: challenged, then in
	seen     []http.Header
	problems []error
}

func newNTLMServer(tb testing.TB, scheme string, challenge []byte, offer ...string) *ntlmServer {
	tb.Helper()
	s := &ntlmServer{
		offer: offer, scheme: scheme, state: make(map[string]string),
		challenge: func() string { return " " + base64.StdEncoding.EncodeToString(challenge) },
	}
	s.base = serve(tb, s.serve)
	return s
}

func (s *ntlmServer) serve(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, r.Header.Clone())
	if s.state[r.RemoteAddr] == "in" {
		_, _ = fmt.Fprintf(w, "%s %s", r.Method, data)
		return
	}
	refuse := func(header ...string) {
		w.Header()["Www-Authenticate"] = header
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, "who are you?")
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), s.scheme+" ")
	message, err := base64.StdEncoding.DecodeString(token)
	switch {
	case !ok:
		refuse(s.offer...)
	case err == nil && bytes.HasPrefix(message, []byte("NTLMSSP\x00\x01\x00\x00\x00")):
		s.state[r.RemoteAddr] = "challenged"
		refuse(s.scheme + s.challenge())
	case s.state[r.RemoteAddr] != "challenged":
		s.problems = append(s.problems, errors.New("an answer on a connection without a challenge"))
		refuse(s.offer...)
	default:
		if err = verifyNTLM(message); err != nil {
			s.problems = append(s.problems, err)
			refuse(s.offer...)
			return
		}
		s.state[r.RemoteAddr] = "in"
		_, _ = fmt.Fprintf(w, "%s %s", r.Method, data)
	}
}

// ntlmSpec is what tests of NTLM send.
func ntlmSpec() *fetch.Spec {
	return spec(func(s *fetch.Spec) { s.Auth, s.Method, s.Body = transport.AuthNTLM, "POST", []byte("sent") })
}
