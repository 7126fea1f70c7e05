package terminal_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/terminal"
)

func TestScreens(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct{ text, want string }{
		"lines":                       {"one\ntwo", "one\ntwo"},
		"a line that is written anew": {"abc\rx", "xbc"},
		"the end of a line is erased": {"abc\rx\x1b[K", "x"},
		"all below is erased":         {"abc\ndef\x1b[1A\r\x1b[J!", "!"},
		"a line that is too long":     {"0123456789ab\nc", "0123456789\nab\nc"},
		"a full line breaks no line":  {"0123456789\nc", "0123456789\nc"},
		"up, in a line of two rows":   {"0123456789ab\x1b[1A\r\x1b[Jx", "x"},
		"a full line is at its end":   {"0123456789\r\x1b[Jx", "x"},
		"wide letters take two":       {"日日日日日日", "日日日日日\n日"},
		"and are not cut":             {"a日日日日日", "a日日日日\n日"},
		"marks take none":             {"e\u0301e\u0301", "e\u0301e\u0301"},
		"colours take none":           {"\x1b[31mred\x1b[0m", "red"},
		"a letter in two pieces":      {"\xe6\x97" + "\xa5", "日"},
	} {
		screen := terminal.New(10)
		for i := range len(c.text) { // in the smallest of pieces
			_, err := io.WriteString(screen, c.text[i:i+1])
			require.NoError(t, err)
		}
		require.Equal(t, c.want, screen.Text(), what)
		require.Empty(t, screen.Odd())
	}
}

func TestLinesAreWrappedAnew(t *testing.T) {
	t.Parallel()
	screen := terminal.New(10)
	_, err := io.WriteString(screen, "01234567\nabc")
	require.NoError(t, err)
	screen.Resize(5)
	require.Equal(t, "01234\n567\nabc", screen.Text())
	screen.Resize(20)
	require.Equal(t, "01234567\nabc", screen.Text())
	screen.Resize(2)
	_, err = io.WriteString(screen, "\r\x1b[1A\x1b[Jx")
	require.NoError(t, err)
	screen.Resize(20)
	require.Equal(t, "01234567\nx", screen.Text())
}
