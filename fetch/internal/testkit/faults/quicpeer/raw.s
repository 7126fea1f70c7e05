// This file is empty. It allows functions without a body, for go:linkname in raw.go.
