package lists

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// harEntry is what is read of an entry. Names with a _ are Chrome's own.
type harEntry struct {
	request      harRequest
	resourceType string // _resourceType
	status       *int   // response.status, if present
	started      moment // startedDateTime
	wrong        string
}

type harRequest struct {
	Method   string      `json:"method"`
	URL      string      `json:"url"`
	Headers  []nameValue `json:"headers"`
	PostData *postData   `json:"postData"`
	BodySize number      `json:"bodySize"`
}

// number is a JSON number. Any other value is ignored.
type number int64

// UnmarshalJSON never fails, because an invalid size is no reason to skip an entry.
func (n *number) UnmarshalJSON(text []byte) error {
	if f, err := strconv.ParseFloat(string(text), 64); err == nil && f > 0 && f < 1<<62 {
		*n = number(f)
	}
	return nil
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// entry reads an entry, and adds it to the list unless it is malformed.
func (r *harReader) entry() error {
	if _, err := r.peekNext(); err != nil { // for the line
		return err
	}
	line := r.line()
	e := harEntry{started: moment{wrong: "startedDateTime is missing"}}
	isObject, err := r.object(func(key string) error { return r.field(&e, key) })
	if err != nil {
		return err
	}
	var to Entry
	wrong := &MalformedError{Reason: "the entry is no object"}
	if isObject {
		wrong = e.read(&to, r.creator)
	}
	if wrong == nil && r.timed {
		wrong = e.started.read(&to)
	}
	switch {
	case wrong == nil:
		return r.add(&to)
	case r.onError == Skip, wrong.foreign:
		r.skipped++
		return nil
	}
	wrong.File, wrong.Line = r.fileName, line
	return wrong
}

// field reads the value of a key of an entry.
func (r *harReader) field(e *harEntry, key string) error {
	switch key {
	case "request":
		err := r.keep(&r.request, func(text []byte) {
			e.request, e.wrong = harRequest{}, ""
			if err := json.Unmarshal(text, &e.request); err != nil {
				e.wrong = wrongRequest(err)
			}
		})
		if r.request.over {
			e.wrong = fmt.Sprintf("the request has more than %d MiB, or more than %d values", maxRequest>>20, maxRequestValues)
		}
		return err
	case "startedDateTime":
		if !r.timed {
			return r.value(nil)
		}
		e.started = noMoment
		return r.keep(&r.about, func(text []byte) { e.started = momentOf(text) })
	case "_resourceType":
		return r.keep(&r.about, func(text []byte) { _ = json.Unmarshal(text, &e.resourceType) }) // invalid values are ignored
	case "response":
		_, err := r.object(func(key string) error {
			if key != "status" {
				return r.value(nil)
			}
			return r.keep(&r.about, func(text []byte) {
				var status int
				if json.Unmarshal(text, &status) == nil { // invalid values are ignored
					e.status = &status
				}
			})
		})
		return err
	default:
		return r.value(nil)
	}
}

func wrongRequest(err error) string {
	wrongType := &json.UnmarshalTypeError{}
	if !errors.As(err, &wrongType) {
		return err.Error()
	}
	field := "request"
	if wrongType.Field != "" {
		field += "." + wrongType.Field
	}
	article := "a "
	if strings.IndexByte("ao", wrongType.Value[0]) >= 0 { // an array or an object
		article = "an "
	}
	return "the entry has " + article + wrongType.Value + " for " + field
}

// read makes an entry of a recorded one.
func (e *harEntry) read(to *Entry, creator string) *MalformedError {
	if e.wrong != "" {
		return &MalformedError{Reason: e.wrong}
	}
	to.URL, to.Method = e.request.URL, strings.ToUpper(e.request.Method)
	if foreign := e.foreign(to.Method); foreign != "" {
		return &MalformedError{Reason: foreign, foreign: true}
	}
	to.Header = recorded(e.request.Headers)
	if err := e.setBody(to, creator); err != nil {
		return &MalformedError{Reason: "the body is invalid: " + err.Error()}
	}
	if len(to.Header) == 0 {
		to.Header = nil
	}
	if wrong := to.check(); wrong != "" {
		return &MalformedError{Reason: wrong}
	}
	return nil
}

// foreign returns why the request cannot be repeated over HTTP. It is empty if it can.
func (e *harEntry) foreign(method string) string {
	if scheme, ok := otherScheme(e.request.URL); ok {
		return "a URL with " + scheme + ": is not HTTP"
	}
	switch {
	case strings.EqualFold(e.resourceType, "websocket"), e.status != nil && *e.status == http.StatusSwitchingProtocols:
		return "a WebSocket is not HTTP"
	case method == http.MethodConnect:
		return "a tunnel is not HTTP"
	case e.status != nil && *e.status == 0:
		return "the request was blocked or aborted"
	}
	for _, h := range e.request.Headers {
		if strings.EqualFold(h.Name, "Upgrade") && strings.EqualFold(strings.TrimSpace(h.Value), "websocket") {
			return "a WebSocket is not HTTP"
		}
	}
	return ""
}

// setBody sets the body, and its Content-Type.
func (e *harEntry) setBody(to *Entry, creator string) error {
	post := e.request.PostData
	if post == nil {
		post = &postData{}
	}
	body, contentType, err := post.body(to.Header.Get("Content-Type"), creator)
	if err != nil {
		return err
	}
	if size := e.request.size(); len(body) == 0 && size > 0 {
		return fmt.Errorf("its %d bytes were not recorded", size)
	}
	if len(body) > 0 || post.Text != "" {
		to.Body = body
	}
	if len(body) > 0 && contentType != "" {
		to.Header.Set("Content-Type", contentType)
	}
	return nil
}

// size is the size of the body in bytes, 0 or less if unknown.
func (r *harRequest) size() int64 {
	if r.BodySize > 0 {
		return int64(r.BodySize)
	}
	size := int64(0)
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, "Content-Length") {
			size, _ = strconv.ParseInt(strings.TrimSpace(h.Value), 10, 64) // 0 if invalid
		}
	}
	return size
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

// recorded returns the headers that describe what was requested. Headers of the connection between browser and server
// are left out, because whoever repeats the request sets them.
func recorded(headers []nameValue) http.Header {
	kept := make(http.Header, len(headers))
	for _, h := range headers {
		switch name := http.CanonicalHeaderKey(h.Name); name {
		case "Host", "Connection", "Content-Length", "Expect", "Http2-Settings", "Keep-Alive", "Proxy-Connection", "Te",
			"Trailer", "Transfer-Encoding", "Upgrade":
		default:
			if !strings.HasPrefix(name, ":") {
				kept.Add(name, h.Value)
			}
		}
	}
	if cookies := kept["Cookie"]; len(cookies) > 1 { // HTTP/2 may have several, HTTP/1.1 may not
		kept["Cookie"] = []string{strings.Join(cookies, "; ")}
	}
	return kept
}
