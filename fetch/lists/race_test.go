//go:build race

package lists_test

const raceEnabled = true
