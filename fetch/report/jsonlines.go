package report

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// JSON lines, which lines.schema.json describes: one for each result as it ends, and one at the end.
type (
	resultLine struct {
		Type  string `json:"type"`
		Mode  string `json:"mode"`
		Index int    `json:"index"`
		sampleRecord
		Proto      string  `json:"proto,omitempty"`
		RemoteIP   string  `json:"remote_ip,omitempty"`
		Body       *string `json:"body,omitempty"`
		BodyBase64 string  `json:"bodyBase64,omitempty"`
	}
	endLine struct {
		Type        string `json:"type"`
		Version     int    `json:"version"`
		Interrupted bool   `json:"interrupted"`
		Skipped     int    `json:"skipped"`
		outcome
		Failures []failureRecord `json:"failures"`
		Speedup  *float64        `json:"speedup,omitempty"`
		Baseline *againstRecord  `json:"baseline,omitempty"`
	}
	differenceLine struct {
		Type     string         `json:"type"`
		Version  int            `json:"version"`
		Passed   bool           `json:"passed"`
		Baseline *againstRecord `json:"baseline"`
	}
)

// ResultLine returns the JSON line of a result: what the JSON report has of one, and its body if it was kept.
func ResultLine(mode string, r *fetch.Result) ([]byte, error) {
	sample := aggregate.SampleOf(r)
	line := resultLine{
		Type: "result", Mode: mode, Index: r.Index, sampleRecord: sampleRecords([]aggregate.Sample{sample})[0],
	}
	line.Certificate = certificateRecordOf(r.Certificate(), sample.DaysLeft)
	if resp := r.Response; resp != nil {
		line.Proto = phrase.Clean(resp.Proto)
		if resp.Conn != nil {
			line.RemoteIP = resp.Conn.RemoteIP
		}
		switch {
		case resp.Body == nil:
		case utf8.Valid(resp.Body):
			text := string(resp.Body)
			line.Body = &text
		default:
			line.BodyBase64 = base64.StdEncoding.EncodeToString(resp.Body)
		}
	}
	return jsonLine(line)
}

// EndLine returns the JSON line that follows those of the results. interrupted reports whether the run was ended early,
// and skipped is how many invalid entries of lists were left out.
func EndLine(s *Subject, opts Options, interrupted bool, skipped int) ([]byte, error) {
	s = opts.compared(s).Dated(time.Now())
	line := endLine{
		Type: "end", Version: SchemaVersion, Interrupted: interrupted, Skipped: skipped,
		outcome:  outcomeOf(s, func(aggregate.Phase) bool { return false }), // the JSON report has the buckets
		Failures: failureRecords(s.Failures), Baseline: againstRecordOf(s.Against),
	}
	if s.Comparison != nil {
		speedup := s.Comparison.Speedup()
		line.Speedup = &speedup
	}
	return jsonLine(line)
}

// DifferenceLine returns the JSON line of two reports that were compared.
func DifferenceLine(c *baseline.Comparison) ([]byte, error) {
	return jsonLine(differenceLine{"difference", SchemaVersion, !phrase.AreWorse(c), againstRecordOf(c)})
}

func jsonLine(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // URLs are to be read
	err := encoder.Encode(v)
	return out.Bytes(), err
}
