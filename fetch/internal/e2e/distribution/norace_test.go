//go:build !race

package distribution_test

const raceEnabled = false
