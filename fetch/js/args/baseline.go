package args

import (
	"encoding/json"

	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// Baseline reads an earlier report: a baseline or a JSON report as it was written, or the latter
// parsed.
func (f Field) Baseline() (*baseline.Report, error) {
	const must = "what report('baseline') or report('json') wrote, or the latter as an object"
	var data []byte
	var err error
	if o, ok := f.Value.(*sobek.Object); ok {
		if !IsPlain(o) {
			return nil, f.Wrong(must)
		}
		data, err = f.serialized(o, baseline.Fields())
	} else {
		var text string
		text, err = f.Text(must)
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
		return nil, Misusef("%s must be %s: %v", f.Path, must, err)
	}
	return read, nil
}

// serialized writes some of an object's properties as JSON.
func (f Field) serialized(o *sobek.Object, keys []string) ([]byte, error) {
	part := make(map[string]any, len(keys))
	for _, key := range keys {
		value := Field{Path: key, Value: o.Get(key), Runtime: f.Runtime}
		if !value.Given() {
			continue
		}
		var err error
		if part[key], err = value.copied(); err != nil {
			return nil, err
		}
	}
	return json.Marshal(part)
}

// Significance reads a probability.
func (f Field) Significance() (float64, error) {
	if n, ok := f.Number(); ok && n > 0 && n < 1 {
		return n, nil
	}
	return 0, f.Wrong("a probability above 0 and below 1")
}

// Tolerance reads a share.
func (f Field) Tolerance() (float64, error) {
	if n, ok := f.Number(); ok && n >= 0 {
		return n, nil
	}
	return 0, f.Wrong("a share of at least 0 (0.05 is 5 %)")
}
