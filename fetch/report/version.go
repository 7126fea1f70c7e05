package report

import "runtime/debug"

const (
	modulePath = "github.com/xk6-fetch/xk6-fetch"
	devel      = "(devel)"
)

// version is that of the extension in this build of k6. It is said once, by the tag of the module.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return devel
	}
	return versionIn(info)
}

// versionIn returns what a build says of the extension's version: nothing if it was built from a folder.
func versionIn(info *debug.BuildInfo) string {
	for _, module := range info.Deps {
		if module.Path != modulePath {
			continue
		}
		if module.Replace != nil {
			module = module.Replace
		}
		if module.Version != "" {
			return module.Version
		}
	}
	return devel
}
