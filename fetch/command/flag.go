package command

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flag is a flag of the command. Its value is read when all are known, by the code that reads the same option of a
// script, so that both allow the same.
type flag struct {
	name, short string
	// value is what the help calls the value; empty for a flag that is on or off.
	value, usage string
	// optional is the value of a flag that is given without one.
	optional string
	// option is the run option that it sets, empty if it sets none.
	option string
	// set reads the value.
	set func(p *plan, f *flag, text string) error
	// many reports whether the flag may be given several times. Of any other, the last one holds.
	many bool
	// choices are the values that there are, and file reports whether it is a file; for the completion of a shell.
	choices []string
	file    bool
}

// path is what an error calls the flag.
func (f *flag) path() string { return "--" + f.name }

// given is a flag that was given, with its value.
type given struct {
	*flag

	text string
}

// givenFlags are those of a command line, in their order.
type givenFlags struct{ all []given }

// flagValue is a flag for pflag.
type flagValue struct {
	*flag

	given *givenFlags
}

var _ pflag.Value = &flagValue{}

func (v *flagValue) String() string { return "" }

// Type is what the help calls the value.
func (v *flagValue) Type() string {
	if v.value == "" {
		return "bool" // so that pflag writes no value into the help
	}
	return v.value
}

// Set notes the value. Nothing is wrong with it yet.
func (v *flagValue) Set(text string) error {
	if !v.many {
		v.given.all = slices.DeleteFunc(v.given.all, func(g given) bool { return g.flag == v.flag })
	}
	v.given.all = append(v.given.all, given{v.flag, text})
	return nil
}

// define adds flags to a command, and returns those that are given to it.
func define(cmd *cobra.Command, flags []*flag) *givenFlags {
	all := &givenFlags{}
	set := cmd.Flags()
	set.SortFlags = false
	for _, f := range flags {
		added := set.VarPF(&flagValue{f, all}, f.name, f.short, f.usage)
		added.NoOptDefVal = f.optional
		switch {
		case f.value == "":
			added.NoOptDefVal = "true"
		case f.choices != nil:
			choices := f.choices
			must(cmd.RegisterFlagCompletionFunc(f.name,
				func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
					return choices, cobra.ShellCompDirectiveNoFileComp
				}))
		case !f.file:
			must(cmd.RegisterFlagCompletionFunc(f.name,
				func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
					return nil, cobra.ShellCompDirectiveNoFileComp
				}))
		}
	}
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usagef("%s", explained(cmd, err)) })
	return all
}

// must panics for a mistake in the table of flags, which every test of the command would show.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// explained says of an unknown flag which one may have been meant, and where all of them are.
func explained(cmd *cobra.Command, err error) string {
	text := err.Error()
	name, unknown := strings.CutPrefix(text, "unknown flag: --")
	if !unknown {
		return text + "; " + cmd.CommandPath() + " --help shows all flags"
	}
	best, distance := "", 3 //nolint:mnd // letters that may be wrong
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		d := edits(name, f.Name)
		if strings.HasPrefix(f.Name, name) {
			d = 1
		}
		if d < distance {
			best, distance = f.Name, d
		}
	})
	if best != "" {
		text += "; did you mean --" + best + "?"
	} else {
		text += ";"
	}
	return text + " " + cmd.CommandPath() + " --help shows all flags"
}

// edits is how many letters must be put in, left out or replaced to make one text of another.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			next := diagonal
			if a[i] != b[j] {
				next = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
