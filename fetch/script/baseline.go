package script

import (
	"encoding/json"
	"fmt"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// baseline reads an earlier report: a baseline or a JSON report as it was written, or the latter parsed.
func (f field) baseline() (*baseline.Report, error) {
	const must = "what report('baseline') or report('json') wrote, or the latter as an object"
	var data []byte
	var err error
	if o, ok := f.value.(*sobek.Object); ok {
		if !isPlain(o) {
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
	part := make(map[string]any, len(keys))
	for _, key := range keys {
		value := field{path: key, value: o.Get(key), rt: f.rt}
		if !value.given() {
			continue
		}
		var err error
		if part[key], err = value.copied(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(part)
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
