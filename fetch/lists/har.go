package lists

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// maxRequest bounds a recorded request, with its body. What else there is in an entry, the response above all, is
	// read and not kept.
	maxRequest = 16 << 20
	// maxRequestValues bounds how many headers, parameters and so on there are in it.
	maxRequestValues = 1 << 17
	// maxAbout bounds what is kept of an entry besides its request.
	maxAbout = 1000
)

// HAR opens an HTTP archive: the requests of a recorded page, with their headers and bodies.
//
// What is no HTTP, such as data: URLs and WebSockets, and what got no response is left out and counted, whatever
// onError is.
func HAR(f File, onError OnError) (*List, error) {
	return open(&contents{format: har{}, onError: onError}, f)
}

type har struct{}

func (har) decode(name string, r io.Reader, at place) decoder {
	return &harDecoder{
		name: name, at: at, json: &jsonReader{scanner: newScanner(r)}, creator: at.before,
		request: kept{most: maxRequest, mostValues: maxRequestValues}, about: kept{most: maxAbout, mostValues: maxAbout},
		// A decoder that begins in the middle begins after an entry, perhaps before a comma.
		begun: at.offset > 0, resumed: at.offset > 0, first: at.offset == 0,
	}
}

type harDecoder struct {
	name    string
	at      place
	json    *jsonReader
	creator string // what has recorded the file
	request kept   // of the entry that is read
	about   kept

	begun   bool
	resumed bool
	first   bool // no entry has been read
	ended   bool
}

func (d *harDecoder) place() place {
	if !d.begun {
		return d.at
	}
	return place{offset: d.at.offset + d.json.offset(), line: d.at.line + d.json.lines, before: d.creator}
}

func (d *harDecoder) broken(format string, args ...any) error {
	d.ended = true
	return broken(d.name, d.at.line+d.json.lines+1, fmt.Sprintf(format, args...))
}

// failed makes an error of the JSON reader our own.
func (d *harDecoder) failed(err error) error {
	d.ended = true
	var syntax jsonError
	switch {
	case errors.As(err, &syntax):
		return d.broken("the file is no JSON: %s", string(syntax))
	case errors.Is(err, io.EOF):
		return d.broken("the file ends in the middle")
	default:
		return err
	}
}

func (d *harDecoder) next(to *Entry) error {
	if d.ended {
		return io.EOF
	}
	if !d.begun {
		if err := d.findEntries(); err != nil {
			return d.failed(err)
		}
		d.begun = true
	}
	more, err := d.json.more(d.first, ']')
	if err != nil {
		return d.failed(err)
	}
	if !more {
		return d.end()
	}
	d.first = false
	return d.entry(to)
}

// findEntries reads up to the first of log.entries.
func (d *harDecoder) findEntries() error {
	if err := d.enter("log", nil); err != nil {
		return err
	}
	err := d.enter("entries", func(key string) error {
		if key != "creator" {
			return d.json.value(nil)
		}
		return d.keep(&d.about, func(text []byte) {
			var creator struct {
				Name string `json:"name"`
			}
			_ = json.Unmarshal(text, &creator) // or nobody knows
			d.creator = creator.Name
		})
	})
	if err != nil {
		return err
	}
	if b, err := d.json.next(); err != nil || b != '[' {
		if err == nil {
			err = d.broken("log.entries is no array")
		}
		return err
	}
	return nil
}

// enter reads into an object, up to the value of a key. The function, if there is one, reads the values before.
func (d *harDecoder) enter(key string, other func(key string) error) error {
	if b, err := d.json.peekNext(); err != nil {
		return err
	} else if b != '{' {
		if err = d.json.value(nil); err != nil {
			return err
		}
		return d.broken("the file is no HAR: there is no %s in it", key)
	}
	_, _ = d.json.ReadByte() // the brace
	for first := true; ; first = false {
		more, err := d.json.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			return d.broken("the file is no HAR: there is no %s in it", key)
		}
		found, err := d.json.key()
		switch {
		case err != nil:
			return err
		case found == key:
			return nil
		case other != nil:
			err = other(found)
		default:
			err = d.json.value(nil)
		}
		if err != nil {
			return err
		}
	}
}

// keep hands the text of the next value to a function, unless it is too long.
func (d *harDecoder) keep(k *kept, use func(text []byte)) error {
	k.reset()
	if err := d.json.value(k); err != nil {
		return err
	}
	if !k.over {
		use(k.text)
	}
	return nil
}

// end reads what is after the entries, up to the end of the file, since it may be more of them. A decoder that began
// between two entries leaves that to the one that has read the file before.
func (d *harDecoder) end() error {
	d.ended = true
	if d.resumed {
		return io.EOF
	}
	for _, before := range []string{"entries", "log"} {
		if err := d.leave(before); err != nil {
			return d.failed(err)
		}
	}
	switch _, err := d.json.peekNext(); {
	case errors.Is(err, io.EOF):
		return io.EOF
	case err != nil:
		return d.failed(err)
	default:
		return d.broken("the file is no JSON: there is something after its end")
	}
}

// leave reads the rest of an object after the value of a key.
func (d *harDecoder) leave(before string) error {
	for {
		more, err := d.json.more(false, '}')
		if err != nil || !more {
			return err
		}
		key, err := d.json.key()
		if err != nil {
			return err
		}
		if key == before {
			return d.broken("there is more than one %s", before)
		}
		if err = d.json.value(nil); err != nil {
			return err
		}
	}
}
