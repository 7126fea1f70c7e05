package args

import (
	"slices"
	"strconv"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// Way is a way of fetching that a script has named: the options of the call, and its own over them.
type Way struct {
	*Options

	Name string
	// Path is what errors call it.
	Path string
}

const (
	leastWays, mostWays = 2, 8
	// longestWay bounds the name of a way in bytes: it is a tag of every sample, and a row in reports.
	longestWay = 60
)

// IsWays reports whether an argument of compare() is its ways, and not its options.
func (f Field) IsWays() bool { return f.isArray() }

// ReadWays reads the ways of a comparison over the options of the call.
func (o *Options) ReadWays(f Field) ([]Way, error) {
	must := "an array of " + strconv.Itoa(leastWays) + " to " + strconv.Itoa(mostWays) + " ways"
	items, err := f.items(mostWays)
	if err != nil {
		return nil, err
	}
	if len(items) < leastWays {
		return nil, Misusef("%s must be %s; its length is %d", f.Path, must, len(items))
	}
	ways := make([]Way, len(items))
	for i, item := range items {
		ways[i] = Way{Options: o.clone(), Path: item.Path}
		if err := ways[i].read(item); err != nil {
			return nil, err
		}
		same := func(other Way) bool { return other.Name == ways[i].Name }
		if first := slices.IndexFunc(ways[:i], same); first >= 0 {
			return nil, Misusef("%s.name must differ from that of [%d]; got %q", item.Path, first, ways[i].Name)
		}
	}
	return ways, nil
}

// clone returns a copy that can be changed without changing the original.
func (o *Options) clone() *Options {
	c := *o
	c.settings = o.settings.clone()
	return &c
}

// read reads one way. Its name is its own, not that of its targets.
func (w *Way) read(f Field) error {
	reader := OptionReader{Way: true}
	err := w.each(f, "a way: an object of its name and its options", func(key string, option Field) error {
		if key == "name" {
			return w.setName(option)
		}
		known, err := reader.set(w.Options, key, option)
		if err == nil && !known {
			err = Unknown(option, "an option of a way", reader.names()...)
		}
		return err
	})
	if err == nil && w.Name == "" {
		err = Misusef("%s.name must be a string, which is what the way is called; it is not given", f.Path)
	}
	return err
}

func (w *Way) setName(f Field) error {
	must := "a string of 1 to " + strconv.Itoa(longestWay) + " bytes"
	name, err := f.Text(must)
	if err != nil {
		return err
	}
	if name == "" || len(name) > longestWay || !f.IsUnicode() {
		return f.Wrong(must)
	}
	w.Name = urltext.Mask(name)
	return nil
}

// Repeatable returns targets that can be read several times, because each way reads them anew: of an iterable what it
// yields, of everything else itself.
func (f Field) Repeatable() (Field, error) {
	o, ok := f.Value.(*sobek.Object)
	if !ok || !isOnce(o) {
		return f, nil
	}
	var items []any
	err := (&TargetReader{}).each(f, o, func(item sobek.Value) error {
		items = append(items, item)
		return nil
	})
	f.Value = f.Runtime.NewArray(items...)
	return f, err
}
