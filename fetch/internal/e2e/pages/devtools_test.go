package pages

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// devtools speaks Chromium's DevTools protocol over pipes: messages in JSON, each of which a zero byte ends.
type devtools struct {
	to   io.Writer
	done chan struct{} // closed when the browser has closed its end

	mu      sync.Mutex
	last    int
	answers map[int]chan<- message
	events  map[string]func(method string, params json.RawMessage) // by session
}

// message is an answer or an event.
type message struct {
	ID      int             `json:"id"`
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   struct {
		Message string `json:"message"`
	} `json:"error"`
}

// parameters are those of a command.
type parameters map[string]any

var errGone = errors.New("the browser is gone")

func newDevtools(to io.Writer, from io.Reader) *devtools {
	d := &devtools{
		to: to, done: make(chan struct{}), answers: make(map[int]chan<- message),
		events: make(map[string]func(string, json.RawMessage)),
	}
	go d.read(bufio.NewReader(from))
	return d
}

// read passes on what the browser says.
func (d *devtools) read(from *bufio.Reader) {
	defer close(d.done)
	for {
		text, err := from.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(text[:len(text)-1], &m); err == nil {
			d.pass(m)
		}
	}
}

func (d *devtools) pass(m message) {
	d.mu.Lock()
	answer, event := d.answers[m.ID], d.events[m.Session]
	delete(d.answers, m.ID)
	d.mu.Unlock()
	switch {
	case answer != nil:
		answer <- m
	case event != nil && m.ID == 0:
		event(m.Method, m.Params)
	}
}

// listen has a function called for each event of a session, one after another. Nil ends that.
func (d *devtools) listen(session string, event func(method string, params json.RawMessage)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events[session] = event
}

// call sends a command and reads the result into a value, unless that is nil. The session is empty for the browser
// itself.
func (d *devtools) call(ctx context.Context, session, method string, params parameters, into any) error {
	answer := make(chan message, 1)
	if err := d.send(session, method, params, answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m := <-answer:
		switch {
		case m.Error.Message != "":
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		case into != nil:
			return json.Unmarshal(m.Result, into)
		default:
			return nil
		}
	case <-d.done:
		return fmt.Errorf("%s: %w", method, errGone)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (d *devtools) send(session, method string, params parameters, answer chan<- message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last++
	command := map[string]any{"id": d.last, "method": method}
	if session != "" {
		command["sessionId"] = session
	}
	if params != nil {
		command["params"] = params
	}
	text, err := json.Marshal(command)
	if err != nil {
		return err
	}
	d.answers[d.last] = answer
	_, err = d.to.Write(append(text, 0))
	return err
}
