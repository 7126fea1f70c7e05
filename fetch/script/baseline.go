package script

import (
	"errors"
	"fmt"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// baseline reads an earlier JSON report: as it was written, or parsed.
func (f field) baseline() (*baseline.Report, error) {
	const must = "what report('json') wrote, as a string or an object"
	var data []byte
	var err error
	if o, ok := f.value.(*sobek.Object); ok {
		if _, isFunction := sobek.AssertFunction(o); isFunction || className(o) != plainObject {
			return nil, f.wrong(must)
		}
		data, err = f.serialized(o, baseline.Fields())
	} else {
		var text string
		text, err = f.text(must)
		if err != nil {
			return nil, err
		}
		data = []byte(text)
	}
	var read *baseline.Report
	if err == nil {
		read, err = baseline.Read(data)
	}
	if err != nil {
		return nil, &misuse{fmt.Sprintf("%s must be %s: %v", f.path, must, err)}
	}
	return read, nil
}

// serialized writes some of an object's properties as JSON.
func (f field) serialized(o *sobek.Object, keys []string) ([]byte, error) {
	part := f.rt.NewObject()
	for _, key := range keys {
		value := o.Get(key)
		if value == nil {
			continue
		}
		if err := bounded(value, maxDepth); err != nil {
			return nil, fmt.Errorf("%s %w", key, err)
		}
		if err := part.Set(key, value); err != nil {
			return nil, err
		}
	}
	return part.MarshalJSON()
}

// maxDepth is twice that of what is wanted.
const maxDepth = 12

// bounded tells whether a value is no larger than it looks: a list of a great length, even of holes, would be written
// in full, and a circle without end.
func bounded(v sobek.Value, depth int) error {
	o, ok := v.(*sobek.Object)
	if !ok {
		return nil
	}
	if depth == 0 {
		return errors.New("is nested too deeply")
	}
	if isArray(o) {
		if _, found := hole(o); found {
			return errors.New("has a list with holes")
		}
	}
	for _, key := range o.Keys() {
		if err := bounded(o.Get(key), depth-1); err != nil {
			return err
		}
	}
	return nil
}

func (f field) significance() (float64, error) {
	if n, ok := f.number(); ok && n > 0 && n < 1 {
		return n, nil
	}
	return 0, f.wrong("a probability above 0 and below 1")
}

func (f field) tolerance() (float64, error) {
	if n, ok := f.number(); ok && n >= 0 {
		return n, nil
	}
	return 0, f.wrong("a share of at least 0 (0.05 is 5 %)")
}
