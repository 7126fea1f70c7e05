package expect

import "bytes"

// finder looks for a text in what is written to it, across the borders of pieces. It keeps less than the length of the
// text.
type finder struct {
	text []byte
	tail []byte // the last bytes, as many as may begin the text
	done bool
}

func (f *finder) write(p []byte) {
	if f.done {
		return
	}
	most := len(f.text) - 1
	if len(f.tail) > 0 {
		seen := len(f.tail)
		f.tail = append(f.tail, p[:min(len(p), most)]...)
		f.done = bytes.Contains(f.tail, f.text)
		f.tail = f.tail[:seen]
	}
	if f.done = f.done || bytes.Contains(p, f.text); f.done {
		f.tail = nil
		return
	}
	if len(p) >= most {
		f.tail = append(f.tail[:0], p[len(p)-most:]...)
		return
	}
	f.tail = append(f.tail, p...)
	if more := len(f.tail) - most; more > 0 {
		f.tail = append(f.tail[:0], f.tail[more:]...)
	}
}

// found reports whether the text has come. An empty one has.
func (f *finder) found() bool { return f.done || len(f.text) == 0 }
