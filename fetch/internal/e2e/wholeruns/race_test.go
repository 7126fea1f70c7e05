//go:build race

package wholeruns

// overhead is how many times more memory k6 takes under the race detector.
const overhead = 4
