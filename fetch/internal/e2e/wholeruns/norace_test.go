//go:build !race

package wholeruns

// overhead is how many times more memory a k6 takes whose accesses to memory are watched.
const overhead = 1
