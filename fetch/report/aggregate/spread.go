package aggregate

import (
	"math"
	"time"
)

// spread is the distribution of a time in one step of a series: as a [Histogram], but smaller. Its buckets are no wider
// than 1/16 of what they hold, and it keeps those between the smallest and the largest value alone. The zero value is
// empty.
type spread struct {
	min, max time.Duration
	first    int // the row that rows begins with
	rows     [][spreadRow]uint32
}

// The buckets count units of 1024 ns, as those of a histogram count theirs. The last row begins at five hours, and
// what takes longer is in its last bucket.
const (
	spreadUnit = 10 // bits
	spreadBits = 4
	spreadRow  = 1 << spreadBits
	spreadRows = 32
)

func spreadBucket(d time.Duration) (row, place int) {
	return scale{spreadUnit, spreadBits, spreadRows}.bucket(d)
}

// spreadMiddle is the middle of a bucket.
func spreadMiddle(row, place int) time.Duration {
	low, high := scale{spreadUnit, spreadBits, spreadRows}.bounds(row, place)
	return (low + high) / 2 //nolint:mnd // the middle
}

// add counts a value, which is not negative.
func (s *spread) add(d time.Duration) {
	if s.rows == nil || d < s.min {
		s.min = d
	}
	s.max = max(s.max, d)
	row, place := spreadBucket(d)
	s.reach(row, row)
	s.rows[row-s.first][place]++
}

// reach makes the rows from one to another.
func (s *spread) reach(from, to int) {
	if s.rows == nil {
		s.first, s.rows = from, make([][spreadRow]uint32, to-from+1)
		return
	}
	end := s.first + len(s.rows)
	if from >= s.first && to < end {
		return
	}
	first := min(from, s.first)
	rows := make([][spreadRow]uint32, max(to+1, end)-first)
	copy(rows[s.first-first:], s.rows)
	s.first, s.rows = first, rows
}

// merge adds what another one holds.
func (s *spread) merge(other *spread) {
	if other.rows == nil {
		return
	}
	if s.rows == nil || other.min < s.min {
		s.min = other.min
	}
	s.max = max(s.max, other.max)
	s.reach(other.first, other.first+len(other.rows)-1)
	for i := range other.rows {
		row := &s.rows[other.first-s.first+i]
		for place, n := range other.rows[i] {
			row[place] += min(n, math.MaxUint32-row[place])
		}
	}
}

// percentiles returns some percentiles, which are given from low to high, within 1/32 of themselves.
func (s *spread) percentiles(wanted ...float64) []time.Duration {
	var count, seen uint64
	for i := range s.rows {
		for _, n := range s.rows[i] {
			count += uint64(n)
		}
	}
	found := make([]time.Duration, 0, len(wanted))
	if count == 0 {
		return found[:len(wanted)]
	}
	for i := range s.rows {
		for place, n := range s.rows[i] {
			seen += uint64(n)
			for len(found) < len(wanted) && seen > rank(wanted[len(found)], count) {
				found = append(found, min(max(spreadMiddle(s.first+i, place), s.min), s.max))
			}
		}
	}
	return found
}

// rank is the place of a percentile among so many values.
func rank(p float64, count uint64) uint64 {
	const percent = 100
	return uint64(math.Round(p / percent * float64(count-1)))
}
