// Command k6 is k6 with the extension, for tests that are not in Go.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "github.com/xk6-fetch/xk6-fetch" // registers the extension
)

func main() { cmd.Execute() }
