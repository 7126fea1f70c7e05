package command

import (
	"encoding/json"
	"errors"
	"io/fs"

	"github.com/mstoykov/envconfig"
	"go.k6.io/k6/v2/cmd/state"
	"go.k6.io/k6/v2/lib"
	"go.k6.io/k6/v2/lib/fsext"
	"gopkg.in/guregu/null.v3"
)

// k6sOptions are k6's options as k6 run has them, from the least to the most important: its defaults, its configuration
// file, the environment, and the flags.
func (p *plan) k6sOptions() (lib.Options, error) {
	const batch, perHost, redirects = 20, 6, 10 // k6's own
	opts := lib.Options{
		Batch: null.NewInt(batch, false), BatchPerHost: null.NewInt(perHost, false),
		MaxRedirects: null.NewInt(redirects, false),
		UserAgent:    null.NewString("Grafana k6/"+p.version, false),
	}
	file, err := configured(p.gs)
	if err != nil {
		return opts, err
	}
	var environment lib.Options
	if err := envconfig.Process("", &environment, func(key string) (string, bool) {
		v, ok := p.gs.Env[key]
		return v, ok
	}); err != nil {
		return opts, usagef("the environment: %w", err)
	}
	flags, err := k6Options(p.k6)
	if err != nil {
		return opts, usage(err)
	}
	opts = opts.Apply(file).Apply(environment).Apply(flags)
	return opts, usage(errors.Join(opts.Validate()...))
}

// configured are the options in k6's configuration file. It need not be there unless it was asked for.
func configured(gs *state.GlobalState) (opts lib.Options, err error) {
	path := gs.Flags.ConfigFilePath
	data, err := fsext.ReadFile(gs.FS, path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && path == gs.DefaultFlags.ConfigFilePath:
		return opts, nil
	case err != nil:
		return opts, usagef("the configuration: %w", err)
	}
	if err := json.Unmarshal(data, &opts); err != nil {
		return opts, usagef("the configuration in %s: %w", path, err)
	}
	return opts, nil
}
