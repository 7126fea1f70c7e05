// Package lint checks what GitHub and the registry of k6 extensions read of this repository.
package lint
