package k6summary_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

func plain(_ int, text string) string { return text }

func read(t *testing.T, file string) *k6summary.Summary {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file) // #nosec G304 -- our own
	require.NoError(t, err)
	s, err := k6summary.Read(data)
	require.NoError(t, err)
	return s
}

func TestReadsWhatK6HandsOver(t *testing.T) {
	t.Parallel()
	s := read(t, "summary.json")
	require.False(t, s.Passed())
	require.Equal(t, 3, s.Broken())
	require.False(t, s.Machine)
	require.Equal(t, []k6summary.Threshold{
		{"checks", "rate==1", false, "rate=64.28%"},
		{"fetch_planned", "count>0", true, "count=8"},
		{"http_req_duration", "avg<200", true, "avg=1.93ms"},
		{"http_req_duration", "p(95)<0.001", false, "p(95)=3.49ms"},
		{"http_req_duration", "p(99)<100", true, ""}, // no statistic of the summary
		{"http_req_duration{name:home}", "max<500", true, "max=3.51ms"},
		{"http_reqs{expected_response:true}", "count>1", true, "count=4"},
		{"my_counter", "count>3", true, "count=6"},
		{"my_counter", "rate>1", true, "rate=556.157081/s"},
		{"my_gauge", "value<3", true, "value=2"},
		{"my_trend", "med<10", false, "med=12.5ms"},
	}, s.Thresholds)
	require.Equal(t, []k6summary.Check{
		{"", "three", 1, 0}, {"", "all ok", 0, 4}, {"", "ran", 4, 0}, {"pay", "paid", 0, 1}, {"login::form", "one is one", 4, 0},
	}, s.Checks)
	require.Equal(t, []string{"all ok", "pay › paid", "three", "ran", "login › form › one is one"}, paths(s.ChecksFirstBroken()))
	require.Equal(t, "rate==1", s.ThresholdsFirstBroken()[0].Expression)
	require.False(t, s.ThresholdsFirstBroken()[2].Ok)
	require.True(t, s.ThresholdsFirstBroken()[3].Ok)
}

func paths(checks []k6summary.Check) []string {
	paths := make([]string, len(checks))
	for i, c := range checks {
		paths[i] = c.Path()
	}
	return paths
}

func TestReadsTheMachineReadableSummary(t *testing.T) {
	t.Parallel()
	s := read(t, "machine.json")
	require.True(t, s.Machine)
	require.Empty(t, s.Thresholds)
	require.Len(t, s.Checks, 5)
	text := s.Text(plain)
	for _, line := range []string{
		"    checks_failed......: 35.71% 5 out of 14\n", "    ✗ all ok\n      ↳  0% — ✓ 0 / ✗ 4\n",
		"    http_req_failed................: 50.00%  4 out of 8\n", "    data_sent......................: 576 B\n",
	} {
		require.Contains(t, text, line)
	}
}

func TestWhatIsNoSummaryIsAnError(t *testing.T) {
	t.Parallel()
	for text, message := range map[string]string{
		``:               "it cannot be read (unexpected end of JSON input)",
		`[]`:             "it is a JSON array, not an object",
		`{}`:             "metrics is missing",
		`{"metrics":{}}`: "root_group is missing",
		`{"metrics":[]}`: "metrics must not be of type array",
		`{"metrics":{"a":{"values":{"b":""}}},"root_group":{}}`:                                                "metrics.values must not be of type string",
		`{"metrics":{},"root_group":` + strings.Repeat(`{"groups":[`, 1002) + strings.Repeat(`]}`, 1002) + `}`: "root_group has groups in more than 1000 others",
	} {
		_, err := k6summary.Read([]byte(text))
		require.EqualError(t, err, message)
	}
}

func TestTimesAndSizesAreWrittenAsK6Does(t *testing.T) {
	t.Parallel()
	for value, text := range map[string]string{
		"0": "0s", "0.0001": "100ns", "0.0125": "12.5µs", "0.99999": "999.99µs", "1": "1ms", "999.999": "999.99ms",
		"1000": "1s", "59999": "59.99s", "60000": "1m0s", "61500": "1m1s", "3600000": "1h0m0s", "86400000": "24h0m0s",
	} {
		require.Contains(t, textOf(t, "time", value), ": avg="+text+"\n", value)
	}
	for value, text := range map[string]string{
		"0": "0 B", "9": "9 B", "10": "10 B", "999": "999 B", "1000": "1.0 kB", "12345": "12 kB", "9.94e6": "9.9 MB", "58500": "59 kB", "57500": "58 kB", "1e27": "1000 YB",
	} {
		require.Contains(t, textOf(t, "data", value), ": avg="+text+"\n", value)
	}
	for value, text := range map[string]string{"0.1234567": "0.123457", "0.0000005": "0", "0.5": "0.5", "100": "100", "5": "5", "-1.5": "-1.5", "1e21": "1000000000000000000000"} {
		require.Contains(t, textOf(t, "default", value), ": avg="+text+"\n", value)
	}
}

// textOf is the text of a summary with one trend.
func textOf(t *testing.T, contains, value string) string {
	t.Helper()
	s, err := k6summary.Read([]byte(`{"metrics":{"x":{"type":"trend","contains":"` + contains + `","values":{"avg":` + value +
		`}}},"root_group":{}}`))
	require.NoError(t, err)
	return s.Text(plain)
}

func TestColoursAreAroundValuesOnly(t *testing.T) {
	t.Parallel()
	s := read(t, "summary.json")
	const on, off = "\x01", "\x02"
	colored := s.Text(func(_ int, text string) string { return on + text + off })
	require.Contains(t, colored, "avg="+on+"1.93ms"+off)
	require.Contains(t, colored, on+"✗ all ok"+off)
	require.Equal(t, s.Text(plain), strings.NewReplacer(on, "", off, "").Replace(colored), "they change no widths")
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{"summary.json", "machine.json"} {
		data, err := os.ReadFile("testdata/" + file) // #nosec G304 -- our own
		require.NoError(f, err)
		f.Add(data)
	}
	f.Add([]byte(`{"metrics":{"a{":{"type":"rate","thresholds":{"<":{}},"values":{"":-1e308}}},"root_group":{"checks":[{"passes":-1}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := k6summary.Read(data)
		if err != nil {
			return
		}
		require.NotEmpty(t, s.Text(plain))
		require.True(t, slices.IsSortedFunc(s.ThresholdsFirstBroken(), func(a, b k6summary.Threshold) int {
			if a.Ok && !b.Ok {
				return 1
			}
			return 0
		}))
	})
}
