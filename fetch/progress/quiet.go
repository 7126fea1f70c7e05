package progress

import (
	"strconv"
	"strings"
)

// IsQuiet reports whether k6 was started with --quiet or -q, which turn progress off.
func IsQuiet(args []string) bool {
	quiet := false
	for _, arg := range args {
		if arg == "--" {
			break
		}
		name, value, given := strings.Cut(arg, "=")
		if name != "--quiet" && !hasLetter(name) {
			continue
		}
		quiet = true
		if given {
			quiet, _ = strconv.ParseBool(value)
		}
	}
	return quiet
}

// hasLetter reports whether an argument is -q, or has it behind other letters that take no value, as in -vq.
func hasLetter(arg string) bool {
	letters, ok := strings.CutPrefix(arg, "-")
	if !ok {
		return false
	}
	rest := strings.TrimLeft(letters, "hlpvw") // --help, --linger, --paused, --verbose, --throw
	return strings.HasPrefix(rest, "q")
}
