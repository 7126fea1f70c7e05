package documents_test

import (
	"html"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// The picture of a comparison has the words that the example prints today.
func TestDocumentsPictureWhatIsPrinted(t *testing.T) {
	t.Parallel()
	out := k6test.RunFile(t, root("examples", "compare.js"), demoEnv(serveDemo(t))...)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	printed := withoutFigures(strings.Join(strings.Fields(out.Stdout), " "))

	texts := regexp.MustCompile(`<text [^>]*>(.*)</text>`).FindAllStringSubmatch(
		read(t, root("docs", "images", "compare.svg")), -1)
	require.Greater(t, len(texts), 30)
	require.Equal(t, "$ make demo", texts[0][1])
	pictured := make([]string, len(texts)-1)
	for i, text := range texts[1:] {
		pictured[i] = html.UnescapeString(text[1])
	}
	all := strings.Join(strings.Fields(strings.Join(pictured, " ")), " ")
	require.Contains(t, printed, withoutFigures(all), "make it anew: make pictures")
}

func TestDocumentsPicturesAreSmall(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"compare.svg", "report.png"} {
		info, err := os.Stat(root("docs", "images", name))
		require.NoError(t, err)
		require.Less(t, info.Size(), int64(200_000), name)
	}
}
