package lists

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

const (
	// maxJSONDepth bounds the nesting of arrays and objects, as encoding/json does.
	maxJSONDepth = 10_000
	// maxWord bounds a number, true, false or null in bytes.
	maxWord = 1000
	// maxKey bounds what is kept of a key in bytes, because no key that matters is as long.
	maxKey = 100
)

// jsonReader reads JSON as a stream, and keeps only what it is asked to. A json.Decoder would hold each string in
// memory, even one that nobody needs, such as a giant response.
type jsonReader struct {
	*scanner

	// open holds the closing bracket of each array and object around the current value.
	open []byte
}

// jsonError says why a text is not JSON.
type jsonError string

func (e jsonError) Error() string { return string(e) }

// kept is the text that is kept of a value, without spaces between its parts.
type kept struct {
	text   []byte
	values int // number of values in it
	over   bool
	// The limits. Beyond them, over is set and the text is incomplete.
	most, mostValues int
}

func (k *kept) reset() { k.text, k.values, k.over = k.text[:0], 0, false }

func (k *kept) add(text ...byte) {
	switch {
	case k == nil || k.over:
	case len(k.text)+len(text) > k.most:
		k.over = true
	default:
		k.text = append(k.text, text...)
	}
}

func (k *kept) value() {
	if k == nil {
		return
	}
	if k.values++; k.values > k.mostValues {
		k.over = true
	}
}

// next reads the next byte that is not a space.
func (j *jsonReader) next() (byte, error) {
	for {
		b, err := j.ReadByte()
		if err != nil || !isSpace(b) {
			return b, err
		}
	}
}

// peekNext returns the next byte that is not a space, without reading it.
func (j *jsonReader) peekNext() (byte, error) {
	for {
		b, err := j.peek()
		if err != nil || !isSpace(b) {
			return b, err
		}
		_, _ = j.ReadByte() // peek has just returned it
	}
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }

// expect reads the next byte that is not a space, and fails if it is not the wanted one.
func (j *jsonReader) expect(want byte) error {
	b, err := j.next()
	if err == nil && b != want {
		err = jsonError(fmt.Sprintf("there is %q where %q should be", b, want))
	}
	return err
}

// more reads the separator between parts of an object or array, or its end, and reports whether another part follows.
func (j *jsonReader) more(isFirst bool, end byte) (bool, error) {
	b, err := j.peekNext()
	switch {
	case err != nil:
		return false, err
	case b == end:
		_, err = j.ReadByte()
		return false, err
	case isFirst:
		return true, nil
	}
	return true, j.expect(',')
}

// key reads a key of an object, up to its value.
func (j *jsonReader) key() (string, error) {
	if err := j.expect('"'); err != nil {
		return "", err
	}
	text := kept{most: maxKey}
	text.add('"')
	if err := j.text(&text); err != nil {
		return "", err
	}
	var key string
	if !text.over {
		if err := json.Unmarshal(text.text, &key); err != nil {
			return "", jsonError("a key is invalid")
		}
	}
	return key, j.expect(':')
}

// object reads an object, and calls a function to read the value of each key. If the value is not an object, it reads
// the value and returns false.
func (j *jsonReader) object(value func(key string) error) (bool, error) {
	if b, err := j.peekNext(); err != nil || b != '{' {
		if err == nil {
			err = j.value(nil)
		}
		return false, err
	}
	return true, j.parts('}', func() error {
		key, err := j.key()
		if err != nil {
			return err
		}
		return value(key)
	})
}

// array reads an array, and calls a function to read each element. If the value is not an array, it returns false and
// does not read the value.
func (j *jsonReader) array(element func() error) (bool, error) {
	if b, err := j.peekNext(); err != nil || b != '[' {
		return false, err
	}
	return true, j.parts(']', element)
}

// parts reads the parts of an object or array, from its beginning to its end.
func (j *jsonReader) parts(end byte, part func() error) error {
	_, _ = j.ReadByte() // the brace or bracket, which was peeked at
	for first := true; ; first = false {
		more, err := j.more(first, end)
		if err != nil || !more {
			return err
		}
		if err = part(); err != nil {
			return err
		}
	}
}

// value reads a value.
func (j *jsonReader) value(to *kept) error {
	j.open = j.open[:0]
	for {
		opened, err := j.part(to)
		for err == nil && !opened { // until a value has ended
			if len(j.open) == 0 {
				return nil
			}
			opened, err = j.between(to)
		}
		if err != nil {
			return err
		}
	}
}

// part reads a value up to its end, or up to the first value inside, and reports whether there is one.
func (j *jsonReader) part(to *kept) (opened bool, err error) {
	b, err := j.next()
	if err != nil {
		return false, err
	}
	to.value()
	to.add(b)
	switch b {
	case '"':
		return false, j.text(to)
	case '{', '[':
		return j.begin(b+2, to) // in ASCII, the closing one is the next but one
	default:
		return false, j.word(b, to)
	}
}

// begin enters an object or an array.
func (j *jsonReader) begin(end byte, to *kept) (opened bool, err error) {
	if len(j.open) == maxJSONDepth {
		return false, jsonError(fmt.Sprintf("more than %d arrays and objects are nested", maxJSONDepth))
	}
	b, err := j.peekNext()
	switch {
	case err != nil:
		return false, err
	case b == end:
		to.add(end)
		_, err = j.ReadByte()
		return false, err
	}
	j.open = append(j.open, end)
	return true, j.name(to)
}

// between reads what follows a value, and reports whether another value follows in the same object or array.
func (j *jsonReader) between(to *kept) (another bool, err error) {
	b, err := j.next()
	if err != nil {
		return false, err
	}
	to.add(b)
	end := j.open[len(j.open)-1]
	switch b {
	case ',':
		return true, j.name(to)
	case end:
		j.open = j.open[:len(j.open)-1]
		return false, nil
	default:
		return false, jsonError(fmt.Sprintf("there is %q after a value", b))
	}
}

// name reads the key of a value in an object.
func (j *jsonReader) name(to *kept) error {
	if j.open[len(j.open)-1] == ']' {
		return nil
	}
	if err := j.expect('"'); err != nil {
		return err
	}
	to.add('"')
	if err := j.text(to); err != nil {
		return err
	}
	to.add(':')
	return j.expect(':')
}

// text reads a string after its first quote. It does not check escapes, because whoever parses the text does.
func (j *jsonReader) text(to *kept) error {
	for escaped := false; ; {
		chunk, err := j.unread()
		if err != nil {
			return err
		}
		for i, b := range chunk {
			switch {
			case b < ' ':
				return jsonError(fmt.Sprintf("there is %q in a string", b))
			case escaped:
				escaped = false
			case b == '\\':
				escaped = true
			case b == '"':
				to.add(chunk[:i+1]...)
				j.pos += i + 1
				return nil
			}
		}
		to.add(chunk...)
		j.pos += len(chunk)
	}
}

// word reads a number, true, false or null.
func (j *jsonReader) word(first byte, to *kept) error {
	word := []byte{first}
	for {
		b, err := j.peek()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil || isSpace(b) || b == ',' || b == ']' || b == '}' {
			break
		}
		if len(word) == maxWord {
			return jsonError(fmt.Sprintf("a number has more than %d digits", maxWord))
		}
		_, _ = j.ReadByte() // peek has just returned it
		word = append(word, b)
	}
	if !json.Valid(word) {
		return jsonError("there is something that is no value")
	}
	to.add(word[1:]...)
	return nil
}
