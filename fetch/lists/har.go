package lists

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists/packed"
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

// HAR opens an HTTP archive: the requests of a recorded page, with their headers and bodies. It reads the file once,
// and keeps the requests in memory, compressed.
//
// Entries that are not HTTP, such as data: URLs and WebSockets, and entries without a response are skipped and counted,
// whatever onError is.
func HAR(f File, onError OnError) (*List, error) {
	all := &entries{}
	r := &harReader{fileName: f.Name, onError: onError, add: all.add}
	if err := r.read(f); err != nil {
		return nil, err
	}
	return r.list(all), nil
}

// PacedHAR opens an HTTP archive like HAR. Its entries are sorted by when they were recorded, and their starts are as
// far apart as they were then, divided by pace, which is finite and above 0. An entry that does not say when it was
// recorded is invalid.
func PacedHAR(f File, pace float64, onError OnError) (*List, error) {
	sorter, all := &packed.Sorter{}, &entries{timed: true}
	r := &harReader{fileName: f.Name, onError: onError, timed: true, add: func(e *Entry) error {
		all.buffer = all.encode(all.buffer[:0], e)
		return sorter.Add(uint64(e.recorded), all.buffer, e.Body) // #nosec G115 -- since 1970
	}}
	if err := r.read(f); err != nil {
		return nil, err
	}
	if err := sorter.Each(func(text []byte) error { return all.put(text, nil) }); err != nil {
		return nil, err
	}
	l := r.list(all)
	l.contents.pace = pace
	return l, nil
}

// list is a list of all entries.
func (r *harReader) list(all *entries) *List {
	c := all.contents(r.fileName)
	c.skipped = r.skipped
	return &List{contents: c, to: c.length}
}

// read reads a file.
func (r *harReader) read(f File) error {
	opened, err := newFile(f)
	if err != nil {
		return err
	}
	text, err := opened.from(0)
	if err != nil {
		return err
	}
	defer text.Close() //nolint:errcheck // it was only read
	r.jsonReader = &jsonReader{scanner: newScanner(text)}
	r.request, r.about = kept{most: maxRequest, mostValues: maxRequestValues}, kept{most: maxAbout, mostValues: maxAbout}
	if err = r.file(); err != nil {
		return r.failed(err)
	}
	return nil
}

// harReader reads a HAR file. Each method reads one JSON value.
type harReader struct {
	*jsonReader

	fileName string
	onError  OnError
	add      func(*Entry) error // adds an entry to those of the list, which does not keep the reader
	timed    bool               // entries must say when they were recorded
	creator  string             // what recorded the file
	request  kept               // of the current entry
	about    kept
	skipped  int
}

func (r *harReader) line() int { return r.lines + 1 }

func (r *harReader) broken(reason string) error { return broken(r.fileName, r.line(), reason) }

// failed converts an error of the JSON reader or of the file.
func (r *harReader) failed(err error) error {
	var syntax jsonError
	if errors.As(err, &syntax) {
		return r.broken("the file is not JSON: " + string(syntax))
	}
	return asMalformed(r.fileName, r.line(), err)
}

// file reads the whole file.
func (r *harReader) file() error {
	if err := r.only("log", r.log, nil); err != nil {
		return err
	}
	switch _, err := r.peekNext(); {
	case err == nil:
		return jsonError("something follows its end")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

func (r *harReader) log() error {
	return r.only("entries", r.allEntries, func(key string) error {
		if key != "creator" {
			return r.value(nil)
		}
		return r.keep(&r.about, func(text []byte) {
			var creator struct {
				Name string `json:"name"`
			}
			_ = json.Unmarshal(text, &creator) // otherwise unknown
			r.creator = creator.Name
		})
	})
}

func (r *harReader) allEntries() error {
	isArray, err := r.array(r.entry)
	if err == nil && !isArray {
		err = r.broken("log.entries is not an array")
	}
	return err
}

// only reads an object that must have a key, once. read reads its value, and other, if not nil, the other values.
func (r *harReader) only(key string, read func() error, other func(key string) error) error {
	found := false
	_, err := r.object(func(k string) error {
		switch {
		case k != key && other != nil:
			return other(k)
		case k != key:
			return r.value(nil)
		case found:
			return r.broken("there is more than one " + key)
		}
		found = true
		return read()
	})
	if err == nil && !found {
		err = r.broken("the file is not a HAR file: it has no " + key)
	}
	return err
}

// keep passes the text of the next value to a function, unless it is too long.
func (r *harReader) keep(k *kept, use func(text []byte)) error {
	k.reset()
	if err := r.value(k); err != nil {
		return err
	}
	if !k.over {
		use(k.text)
	}
	return nil
}
