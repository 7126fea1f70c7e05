package documents_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// maxREADME is how many lines a stranger reads before the rest, which is in docs.
const maxREADME = 250

func TestREADMEIsShort(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, strings.Count(read(t, root("README.md")), "\n"), maxREADME)
}

// The versions that documents name are those that go.mod and tools/go.mod require.
func TestDocumentsNameTheVersions(t *testing.T) {
	t.Parallel()
	required := func(file, module string) string {
		return regexp.MustCompile(`(?m)\b` + regexp.QuoteMeta(module) + ` (v\S+)`).FindStringSubmatch(read(t, root(file)))[1]
	}
	k6, xk6 := required("go.mod", "go.k6.io/k6/v2"), required(filepath.Join("tools", "go.mod"), "go.k6.io/xk6")

	rows := map[string]string{}
	for _, cells := range tables(t)["compatibility"].rows {
		rows[cells[0]] = cells[1]
	}
	require.Equal(t, k6, rows["k6"])
	require.Equal(t, strings.TrimSuffix(goVersion(t), ".0")+" or later", rows["Go, to build"])
	others := regexp.MustCompile(`GOOS=(\w+) go build`).FindAllStringSubmatch(read(t, root("Makefile")), -1)
	systems := make([]string, len(others), len(others)+1)
	for i, m := range others {
		systems[i] = map[string]string{"windows": "Windows", "darwin": "macOS"}[m[1]]
	}
	require.ElementsMatch(t, append(systems, "Linux"), strings.Split(rows["OS"], ", "))

	named := 0
	for _, file := range append(documents(t), "examples/cluster/Dockerfile") {
		text := read(t, root(file))
		for pattern, version := range map[string]string{
			`go\.k6\.io/xk6@(v[\d.]+\d)`: xk6, `\bbuild (v[\d.]+\d)`: k6, `K6_VERSION=(v[\d.]+\d)`: k6,
			`grafana/k6:([\d.]+\d)`: strings.TrimPrefix(k6, "v"), `k6 (v[\d.]+\d)`: k6,
		} {
			for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
				named++
				require.Equal(t, version, m[1], "%s: %s", file, m[0])
			}
		}
	}
	require.Greater(t, named, 5)
}

// The commands that documents show name targets of make, files and tests that are there.
func TestDocumentsCommandsNameWhatIsThere(t *testing.T) {
	t.Parallel()
	makefile := read(t, root("Makefile"))
	commands := 0
	check := func(document, text string) {
		for _, m := range regexp.MustCompile(`\bmake ([a-z][a-z-]*)`).FindAllStringSubmatch(text, -1) {
			commands++
			require.Regexp(t, `(?m)^`+m[1]+`:`, makefile, "%s: %s", document, m[0])
		}
		for _, m := range regexp.MustCompile(`\bexamples/[\w./-]*\w`).FindAllString(text, -1) {
			commands++
			_, err := os.Stat(root(m))
			require.NoError(t, err, document)
		}
		for _, m := range regexp.MustCompile(`-run (\w+) \./(\S+\w)`).FindAllStringSubmatch(text, -1) {
			commands++
			files, err := filepath.Glob(root(m[2], "*_test.go"))
			require.NoError(t, err)
			require.True(t, slices.ContainsFunc(files, func(file string) bool {
				return strings.Contains(read(t, file), "\nfunc "+m[1])
			}), "%s: %s", document, m[0])
		}
	}
	for _, b := range blocks(t) {
		if b.info == "sh" {
			check(b.document, b.code)
		}
	}
	span := regexp.MustCompile("`[^`\n]+`")
	for _, document := range documents(t) {
		for _, code := range span.FindAllString(read(t, root(document)), -1) {
			check(document, code)
		}
	}
	require.Greater(t, commands, 15)
}

// The README shows some rows of the benchmarks, as they are there.
func TestREADMEShowsRowsOfTheBenchmarks(t *testing.T) {
	t.Parallel()
	_, text, _ := strings.Cut(read(t, root("README.md")), "<!-- bench -->\n")
	text, _, _ = strings.Cut(text, "<!-- /bench -->")
	rows := regexp.MustCompile(`(?m)^\| (.+) \| ([\d.]+) \|$`).FindAllStringSubmatch(text, -1)
	require.Len(t, rows, 4)
	all := read(t, root("docs", "benchmarks.md"))
	for _, row := range rows {
		require.Regexp(t, `(?m)^\| `+regexp.QuoteMeta(row[1])+` \|.*\|.*\| `+regexp.QuoteMeta(row[2])+` \|`, all)
	}
}

// A sentence stands in one place. A second one would be changed in one place only.
func TestDocumentsSayNothingTwice(t *testing.T) {
	t.Parallel()
	const fewWords = 6 // what is shorter is a phrase that may come again
	fences := regexp.MustCompile("(?ms)^```.*?^```$")
	said := map[string]string{}
	for _, document := range documents(t) {
		if document == "CHANGELOG.md" {
			continue // it says again what was new
		}
		prose := fences.ReplaceAllString(read(t, root(document)), "\n\n")
		for _, paragraph := range regexp.MustCompile(`\n\s*\n|\n(?:- |\d\. |#|\|)`).Split(prose, -1) {
			for _, sentence := range regexp.MustCompile(`[.:;!?](?:\s|$)|\|`).Split(strings.Join(strings.Fields(paragraph), " "), -1) {
				sentence = strings.TrimSpace(sentence)
				if len(strings.Fields(sentence)) < fewWords {
					continue
				}
				require.Empty(t, said[sentence], "%s says it again: %s", document, sentence)
				said[sentence] = document
			}
		}
	}
	require.Greater(t, len(said), 300)
}
