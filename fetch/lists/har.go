package lists

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// maxRequest bounds a recorded request in bytes, with its body. The rest of an entry, above all the response, is read
	// but not kept.
	maxRequest = 16 << 20
	// maxRequestValues bounds the number of headers, parameters and so on in a recorded request.
	maxRequestValues = 1 << 17
	// maxAbout bounds what is kept of an entry besides its request, in bytes.
	maxAbout = 1000
)

// HAR opens an HTTP archive: the requests of a recorded page, with their headers and bodies.
//
// Entries that are not HTTP, such as data: URLs and WebSockets, and entries without a response are skipped and counted,
// whatever onError is.
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
	creator string // what recorded the file
	request kept   // of the current entry
	about   kept

	begun   bool
	resumed bool
	first   bool // no entry has been read yet
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

// failed converts an error of the JSON reader.
func (d *harDecoder) failed(err error) error {
	d.ended = true
	var syntax jsonError
	switch {
	case errors.As(err, &syntax):
		return d.broken("the file is not JSON: %s", string(syntax))
	case errors.Is(err, io.EOF):
		return d.broken("the file is incomplete")
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

// findEntries reads up to the first entry of log.entries.
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
			_ = json.Unmarshal(text, &creator) // otherwise unknown
			d.creator = creator.Name
		})
	})
	if err != nil {
		return err
	}
	if b, err := d.json.next(); err != nil || b != '[' {
		if err == nil {
			err = d.broken("log.entries is not an array")
		}
		return err
	}
	return nil
}

// enter reads into an object, up to the value of a key. other, if not nil, reads the values before.
func (d *harDecoder) enter(key string, other func(key string) error) error {
	if b, err := d.json.peekNext(); err != nil {
		return err
	} else if b != '{' {
		if err = d.json.value(nil); err != nil {
			return err
		}
		return d.broken("the file is not a HAR file: it has no %s", key)
	}
	_, _ = d.json.ReadByte() // the brace
	for first := true; ; first = false {
		more, err := d.json.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			return d.broken("the file is not a HAR file: it has no %s", key)
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

// keep passes the text of the next value to a function, unless it is too long.
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

// end reads up to the end of the file, because more entries may follow. A decoder that began in the middle need not,
// because another one has read the file before.
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
		return d.broken("the file is not JSON: something follows its end")
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
