package command_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/terminal"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// onTerminal starts the command as a shell does: in a session of its own, whose terminal it is.
func onTerminal(t *testing.T, p *terminal.Pseudo, c k6test.Command) *k6test.Process {
	t.Helper()
	c.Terminal, c.Attributes = p.Far, &syscall.SysProcAttr{Setsid: true, Setctty: true}
	return c.Start(t)
}

// colored is the environment of somebody who wants colours.
func colored() []string { return []string{"NO_COLOR"} }

func TestOnATerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 200} {
		t.Run(fmt.Sprint(width, " columns"), func(t *testing.T) {
			t.Parallel()
			w := web.New(t)
			screen := terminal.Open(t, width)
			urls := []string{
				w.URL + "/echo?" + strings.Repeat("x", 2000), w.URL + "/echo?" + strings.Repeat("日本", 100),
				w.URL + "/echo?" + strings.Repeat("e\u0301", 100), w.URL + "/status/404", w.URL + "/hold/a",
			}
			p := onTerminal(t, screen, k6test.Command{Args: urls, Env: colored()})
			screen.Await(t, "4 of 5, 1 failed")
			require.Contains(t, screen.Text(), "80 % ", "there is a bar of how far it is")
			w.Come("a", 1)
			require.Equal(t, 99, p.Wait().ExitCode)
			screen.Hang(t)
			require.Empty(t, screen.Odd())
			require.True(t, screen.Colors())
			text := screen.Text()
			require.NotContains(t, text, "4 of 5", "nothing is left of the bar")
			require.Contains(t, text, "█ DNS", "it is said which colour is which phase")
			require.Contains(t, text, "1 of 5 URLs failed")
			require.Equal(t, 4, strings.Count(text, "✓ 200"), text)
			require.Equal(t, 1, strings.Count(text, "✗ 404"))
			for _, row := range screen.Rows() {
				require.LessOrEqual(t, columns.Of(row), width)
				if strings.Contains(row, "200 ") {
					require.Contains(t, row, "http", "a line is a row")
				}
			}
		})
	}
}

func TestATerminalThatIsResized(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	screen := terminal.Open(t, 120)
	const n = 6
	args := make([]string, 0, n+1)
	args = append(args, "--concurrency=1")
	for i := range n {
		args = append(args, fmt.Sprintf("%s/hold/%d?%s", w.URL, i, strings.Repeat("x", 300)))
	}
	p := onTerminal(t, screen, k6test.Command{Args: args})
	for i, width := range []int{120, 60, 40, 200, 80, 50} {
		screen.Widen(t, width)
		screen.Await(t, fmt.Sprintf("%d of 6", i))
		w.Come(fmt.Sprint(i), 1)
	}
	require.Equal(t, 0, p.Wait().ExitCode)
	screen.Hang(t)
	text := screen.Text()
	require.Equal(t, 6, strings.Count(text, "✓ 200"), text)
	require.NotContains(t, text, " of 6", "nothing is left of the bar:\n%s", text)
	require.Contains(t, strings.ReplaceAll(text, "\n", " "), "All 6 URLs were answered in")
	require.False(t, screen.Colors(), "NO_COLOR is set")
}

func TestOnATerminalOfSomebodyWhoWantsLess(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	for name, c := range map[string]struct {
		k6test.Command

		live, colors, lines bool
	}{
		"NO_COLOR":   {k6test.Command{}, true, false, true},
		"--no-color": {k6test.Command{Root: []string{"--no-color"}, Env: colored()}, true, false, true},
		"--quiet":    {k6test.Command{Root: []string{"--quiet"}, Env: colored()}, false, true, false},
		"-q, behind": {k6test.Command{Args: []string{"-q"}, Env: colored()}, false, true, false},
		"TERM=dumb":  {k6test.Command{Env: append(colored(), "TERM=dumb")}, false, false, true},
		"--json":     {k6test.Command{Args: []string{"--json"}, Env: colored()}, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			screen := terminal.Open(t, 300)
			gate := strings.ReplaceAll(name, " ", "")
			c.Args = append(c.Args, w.URL+"/hold/"+gate)
			p := onTerminal(t, screen, c.Command)
			w.Arrived(t, "/hold/"+gate, 1)
			if c.live {
				screen.Await(t, "0 of 1")
			}
			w.Come(gate, 1)
			require.Equal(t, 0, p.Wait().ExitCode)
			screen.Hang(t)
			require.Equal(t, c.colors, screen.Colors())
			require.Equal(t, c.lines, strings.Contains(screen.Text(), "✓ 200"), screen.Text())
			require.NotContains(t, screen.Text(), "0 of 1")
			if name == "--json" {
				require.Contains(t, screen.Text(), `{"type":"result"`)
			} else {
				require.Contains(t, screen.Text(), "The only URL was answered")
			}
		})
	}
}

func TestCtrlCOnATerminal(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	screen := terminal.Open(t, 100)
	p := onTerminal(t, screen, k6test.Command{Args: []string{"--concurrency", "1", w.URL + "/hold/a", w.URL + "/echo"}})
	w.Arrived(t, "/hold/a", 1)
	screen.Await(t, "0 of 2")
	screen.Type(t, "\x03")
	screen.Await(t, "ending; Ctrl-C again ends at once")
	w.Come("a", 1)
	require.Equal(t, 105, p.Wait().ExitCode)
	screen.Hang(t)
	require.Contains(t, screen.Text(), "1 of 2 URLs was not run")
	require.NotContains(t, screen.Text(), "ending;")

	screen = terminal.Open(t, 100)
	p = onTerminal(t, screen, k6test.Command{Args: []string{w.URL + "/hang"}})
	w.Arrived(t, "/hang", 1)
	screen.Type(t, "\x03")
	screen.Await(t, "ending; Ctrl-C again ends at once")
	screen.Type(t, "\x03")
	require.Equal(t, 105, p.Wait().ExitCode)
	screen.Hang(t)
	require.NotContains(t, screen.Text(), "ending;", "the terminal is left in order")
}

// What is typed into a terminal is read as lines are: each URL is fetched as it is typed.
func TestLinesThatAreTyped(t *testing.T) {
	t.Parallel()
	w := web.New(t)
	screen := terminal.Open(t, 100)
	p := onTerminal(t, screen, k6test.Command{Args: []string{"-i", "-"}})
	screen.Type(t, w.URL+"/echo\n")
	screen.Await(t, "✓ 200")
	screen.Await(t, "1 so far")
	screen.Type(t, "\x04")
	require.Equal(t, 0, p.Wait().ExitCode)
}
