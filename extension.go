// Package xk6fetch adds the JavaScript module k6/x/fetch and the command `k6 x fetch` to k6. Import it for its side
// effect, as xk6 does.
package xk6fetch

import (
	"go.k6.io/k6/v2/js/modules"
	"go.k6.io/k6/v2/subcommand"

	"github.com/xk6-fetch/xk6-fetch/fetch/command"
	"github.com/xk6-fetch/xk6-fetch/fetch/js"
)

func init() {
	modules.Register("k6/x/fetch", js.New())
	subcommand.RegisterExtension(command.Name, command.New)
}
