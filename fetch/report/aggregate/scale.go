package aggregate

import (
	"math/bits"
	"time"
)

// scale divides times into rows of buckets, as an HDR histogram does. The first row holds single units; each further
// row holds twice the range of the one before, in as many buckets. So each bucket but those of the first row is at most
// 1/(1<<rowBits) as wide as the times in it. The last bucket also holds all that is longer.
//
// A scale is made where it is used, of constants: then the compiler inlines its methods, and shifts by constants.
type scale struct {
	unitBits int // a unit has 1<<unitBits nanoseconds
	rowBits  int // a row has 1<<rowBits buckets
	rows     int
}

// bucket returns where a time is counted, which is not negative.
func (s scale) bucket(d time.Duration) (row, place int) {
	units := uint64(d) >> s.unitBits // #nosec G115 -- not negative
	if units < 1<<s.rowBits {
		return 0, int(units) // #nosec G115 -- less than the size of a row
	}
	row = bits.Len64(units) - s.rowBits
	if row >= s.rows {
		return s.rows - 1, 1<<s.rowBits - 1
	}
	return row, int(units>>(row-1)) - 1<<s.rowBits // #nosec G115 -- less than twice the size of a row
}

// bounds are those of a bucket: from low up to, but without, high.
func (s scale) bounds(row, place int) (low, high time.Duration) {
	if row == 0 {
		return time.Duration(place) << s.unitBits, time.Duration(place+1) << s.unitBits
	}
	shift := s.unitBits + row - 1
	low = time.Duration(1<<s.rowBits+place) << shift
	return low, low + 1<<shift
}
