package js_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestK6PrintsWhole(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	out := k6test.RunFile(t, testdata(t, "judged/print.js"),
		"-e", "BASE="+w.URL, "--quiet", "--log-format", "raw")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	var texts []any
	for line := range strings.Lines(out.Stderr) {
		if strings.HasPrefix(line, `"`) {
			texts = append(texts, unquoted(t, line))
		}
	}
	require.Len(t, texts, 3, out.Stderr)
	require.Equal(t, fmt.Sprintf("set up\nrun\n%s%s%s\none\r\ntwo\n\n\x1b[31mred\x1b[0m 日本\ntorn down\nsummed up\n", texts...), out.Stdout,
		"to standard output, without an escape sequence of its own where that is no terminal")
}

// The texts of many VUs stand one after another.
func TestK6PrintsOneAfterAnother(t *testing.T) {
	t.Parallel()
	out := k6test.Run(t, `
		import { print } from 'k6/x/fetch';
		import exec from 'k6/execution';
		export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 8, iterations: 50 } } };
		export default function () {
			const id = exec.vu.idInTest;
			print(Array(200).fill('VU ' + id + ' prints a line of some length').join('\n'));
		}`, "--quiet")
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	printed, _, found := strings.Cut(out.Stdout, "\n\n") // k6's own summary
	require.True(t, found)
	lines := strings.Split(strings.TrimSpace(printed), "\n")
	require.Len(t, lines, 8*50*200)
	for i := 0; i < len(lines); i += 200 {
		for _, line := range lines[i : i+200] {
			require.Equal(t, lines[i], line)
		}
	}
}

func TestK6DoesNotPrintInTheInitContext(t *testing.T) {
	t.Parallel()
	out := k6test.Run(t, `
		import { print } from 'k6/x/fetch';
		print('hello');
		export default function () {}`)
	require.NotEqual(t, 0, out.ExitCode)
	require.Contains(t, out.Stderr, "Using print() in the init context is not supported")
}

func unquoted(t *testing.T, line string) string {
	t.Helper()
	var text string
	require.NoError(t, json.Unmarshal([]byte(line), &text))
	return text
}
