//go:build race

package spread_test

const raceEnabled = true
