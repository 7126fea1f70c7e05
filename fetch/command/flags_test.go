package command_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/command"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

// flagCase is what a flag does.
type flagCase struct {
	flag     string
	sentence string
	// args have BASE, BASE2, TLS, TLS2, MAPS and so on in braces for where the servers are.
	args  string
	files map[string]string
	stdin string
	exit  int
	check func(t *testing.T, site *web.Site, out *k6test.Outcome)
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for _, c := range flagCases() {
		t.Run(c.flag+"/"+c.sentence, func(t *testing.T) {
			t.Parallel()
			site := startSite(t)
			in := k6test.Command{Dir: files(t, inPlace(site, c.files)), Stdin: strings.NewReader(inText(site, c.stdin))}
			for arg := range strings.SplitSeq(c.args, " ") {
				in.Args = append(in.Args, strings.ReplaceAll(inText(site, arg), "~", " "))
			}
			out := in.Run(t)
			require.Equal(t, c.exit, out.ExitCode, "%s%s", out.Stdout, out.Stderr)
			c.check(t, site, out)
		})
	}
}

// inText puts the places of servers into a text.
func inText(site *web.Site, text string) string {
	for _, variable := range site.Env() {
		name, value, _ := strings.Cut(variable, "=")
		text = strings.ReplaceAll(text, "{"+name+"}", value)
		text = strings.ReplaceAll(text, "{"+name+"_PORT}", value[strings.LastIndexByte(value, ':')+1:])
		text = strings.ReplaceAll(text, "{"+name+"_HOST}", strings.TrimPrefix(strings.TrimPrefix(value, "https://"), "http://"))
	}
	return text
}

func inPlace(site *web.Site, contents map[string]string) map[string]string {
	all := make(map[string]string)
	for name, text := range contents {
		all[name] = inText(site, text)
	}
	return all
}

func flagCases() []flagCase {
	return slices.Concat(
		inputCases(), modeCases(), pageCases(), requestCases(), networkCases(), judgeCases(), reportCases(),
	)
}

func TestEveryFlagIsTested(t *testing.T) {
	t.Parallel()
	tested := make(map[string]bool)
	for _, c := range flagCases() {
		tested[c.flag] = true
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(command.Flags())), slices.Collect(maps.Keys(tested)))
}

// withoutFlag are the options of runs that have no flag, and why.
//
//nolint:gochecknoglobals // a constant table
var withoutFlag = map[string]string{
	"connections": "the command is one call, and all of its connections are its own",
	"onResult":    "it is a function; --json writes each result as it ends",
	"tags":        "they are for metrics, which the command has none of",
	"throw":       "there is no promise; the exit status says whether anything failed",
}

func TestEveryOptionOfARunHasAFlag(t *testing.T) {
	t.Parallel()
	options := args.OptionReader{Compare: true, Client: true}.Names()
	for flag, option := range command.Flags() {
		if option != "" {
			require.Contains(t, options, option, "--%s sets what is no option", flag)
			require.NotContains(t, withoutFlag, option)
		}
	}
	set := slices.Collect(maps.Values(command.Flags()))
	for _, option := range options {
		if withoutFlag[option] == "" {
			require.Contains(t, set, option, "no flag sets it")
		}
	}
}
