package source

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// HAR opens an HTTP archive: the requests of a recorded page, with their headers and bodies.
//
// What is no HTTP, such as data: URLs and WebSockets, is left out and counted, whatever onError is.
func HAR(f File, onError OnError) (*List, error) {
	return open(&contents{format: har{}, onError: onError}, f)
}

type har struct{}

func (har) decode(name string, r io.Reader, at place) decoder {
	d := &harDecoder{name: name, at: at, counter: &lineCounter{r: r}}
	if at.offset > 0 {
		// Between two entries, before a comma perhaps: what is left is an array, but for its beginning.
		d.begun = true
		d.before = 1
		d.json = json.NewDecoder(io.MultiReader(strings.NewReader("["), &afterComma{r: d.counter}))
		_, _ = d.json.Token() // the bracket
		return d
	}
	d.json = json.NewDecoder(d.counter)
	return d
}

type harDecoder struct {
	name    string
	at      place
	json    *json.Decoder
	counter *lineCounter
	before  int64 // bytes that the decoder got and the file has not
	begun   bool
	ended   bool
}

func (d *harDecoder) place() place {
	if !d.begun {
		return d.at
	}
	offset := d.json.InputOffset() - d.before
	return place{offset: d.at.offset + offset, line: d.at.line + d.counter.linesUntil(offset)}
}

// line is where the decoder is.
func (d *harDecoder) line() int {
	return d.at.line + d.counter.linesUntil(d.json.InputOffset()-d.before) + 1
}

func (d *harDecoder) brokenFile(format string, args ...any) error {
	return broken(d.name, d.line(), fmt.Sprintf(format, args...))
}

// harEntry is what is read of an entry.
type harEntry struct {
	Request struct {
		Method   string      `json:"method"`
		URL      string      `json:"url"`
		Headers  []nameValue `json:"headers"`
		PostData *postData   `json:"postData"`
	} `json:"request"`
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (d *harDecoder) next(to *Entry) error {
	if d.ended {
		return io.EOF
	}
	if !d.begun {
		if err := d.findEntries(); err != nil {
			d.ended = true
			return err
		}
		d.begun = true
	}
	if !d.json.More() {
		return d.end()
	}
	var raw json.RawMessage
	if err := d.json.Decode(&raw); err != nil {
		d.ended = true
		return d.broken(err)
	}
	if wrong := readHAREntry(raw, to); wrong != nil {
		wrong.File = d.name
		wrong.Line = d.at.line + d.counter.linesUntil(d.json.InputOffset()-d.before-int64(len(raw))) + 1
		return wrong
	}
	return nil
}

// end reads what is after the entries, up to the end of the file, since it may be more of them. A decoder that began
// between two entries leaves that to the one that has read the file before.
func (d *harDecoder) end() error {
	d.ended = true
	const inside = 3 // the file, log and entries
	for depth := inside; ; {
		token, err := d.json.Token()
		switch {
		case errors.Is(err, io.EOF) && depth == 0:
			return io.EOF
		case err != nil:
			return d.broken(err)
		case token == json.Delim('[') || token == json.Delim('{'):
			depth++
		case token == json.Delim(']') || token == json.Delim('}'):
			depth--
		}
		if depth < inside && d.before > 0 {
			return io.EOF
		}
	}
}

// readHAREntry reads an entry out of its JSON.
func readHAREntry(raw []byte, to *Entry) *MalformedError {
	var e harEntry
	if err := json.Unmarshal(raw, &e); err != nil {
		wrongType := &json.UnmarshalTypeError{}
		if errors.As(err, &wrongType) {
			return &MalformedError{Reason: "the entry has a " + wrongType.Value + " for " + wrongType.Field}
		}
		return &MalformedError{Reason: err.Error()}
	}
	if scheme, ok := otherScheme(e.Request.URL); ok {
		return &MalformedError{Reason: "a URL with " + scheme + ": is no HTTP", foreign: true}
	}
	to.URL, to.Method = e.Request.URL, strings.ToUpper(e.Request.Method)
	to.Header = recorded(e.Request.Headers)
	if post := e.Request.PostData; post != nil {
		body, err := post.body()
		if err != nil {
			return &MalformedError{Reason: "the body cannot be meant: " + err.Error()}
		}
		to.Body = body
		if post.MimeType != "" && len(body) > 0 && to.Header.Get("Content-Type") == "" {
			to.Header.Set("Content-Type", post.MimeType)
		}
	}
	if wrong := to.check(); wrong != "" {
		return &MalformedError{Reason: wrong}
	}
	return nil
}

// otherScheme returns the scheme of a URL that is not HTTP.
func otherScheme(raw string) (scheme string, ok bool) {
	scheme, rest, ok := strings.Cut(raw, ":")
	if after := strings.TrimLeft(rest, "0123456789"); after != rest && (after == "" || after[0] == '/') {
		return "", false // it is a host with its port
	}
	if !ok || scheme == "" || strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz-") != "" {
		return "", false
	}
	return scheme, !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https")
}

func (d *harDecoder) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		lines := d.at.line + d.counter.past + len(d.counter.ends)
		return broken(d.name, lines+1, "the file ends in the middle")
	}
	syntax := &json.SyntaxError{}
	if errors.As(err, &syntax) {
		return d.brokenFile("the file is no JSON: %s", syntax.Error())
	}
	return err
}

// findEntries reads up to the first of log.entries.
func (d *harDecoder) findEntries() error {
	for _, key := range []string{"log", "entries"} {
		if err := d.enter(key); err != nil {
			return err
		}
	}
	if token, err := d.json.Token(); err != nil {
		return d.broken(err)
	} else if token != json.Delim('[') {
		return d.brokenFile("log.entries is no array")
	}
	return nil
}

// enter reads into an object, up to the value of a key.
func (d *harDecoder) enter(key string) error {
	if token, err := d.json.Token(); err != nil {
		return d.broken(err)
	} else if token != json.Delim('{') {
		return d.brokenFile("the file is no HAR: there is no %s in it", key)
	}
	for d.json.More() {
		token, err := d.json.Token()
		if err != nil {
			return d.broken(err)
		}
		if token == key {
			return nil
		}
		var skipped json.RawMessage
		if err := d.json.Decode(&skipped); err != nil {
			return d.broken(err)
		}
	}
	return d.brokenFile("the file is no HAR: there is no %s in it", key)
}

// lineCounter notes where the lines end that are read through it, for a decoder that reads ahead.
type lineCounter struct {
	r    io.Reader
	read int64
	ends []int64
	past int
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			c.ends = append(c.ends, c.read+int64(i))
		}
	}
	c.read += int64(n)
	return n, err
}

// linesUntil is how many lines end before an offset. Offsets only grow.
func (c *lineCounter) linesUntil(offset int64) int {
	for len(c.ends) > 0 && c.ends[0] < offset {
		c.ends = c.ends[1:]
		c.past++
	}
	return c.past
}

// afterComma leaves out what is between two entries, byte for byte replaced by spaces, so that offsets stay.
type afterComma struct {
	r    io.Reader
	past bool
}

func (a *afterComma) Read(p []byte) (int, error) {
	n, err := a.r.Read(p)
	for i := 0; i < n && !a.past; i++ {
		switch p[i] {
		case ' ', '\t', '\r', '\n':
		case ',':
			p[i] = ' '
			a.past = true
		default:
			a.past = true
		}
	}
	return n, err
}
