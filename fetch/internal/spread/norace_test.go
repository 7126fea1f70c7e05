//go:build !race

package spread_test

const raceEnabled = false
