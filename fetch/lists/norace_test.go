//go:build !race

package lists_test

const raceEnabled = false
