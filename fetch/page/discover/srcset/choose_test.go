package srcset_test

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/srcset"
)

// sorted is what AtLeast says: of the candidates in the order of their densities, the first that suffices, else the
// first of the last's density.
func sorted(candidates []srcset.Candidate, dpr float64) string {
	images := slices.Clone(candidates)
	slices.SortStableFunc(images, func(a, b srcset.Candidate) int { return cmp.Compare(a.Density, b.Density) })
	for _, image := range images {
		if image.Density >= dpr {
			return image.URL
		}
	}
	highest := images[len(images)-1].Density
	return images[slices.IndexFunc(images, func(c srcset.Candidate) bool { return c.Density == highest })].URL
}

func TestAnyOrderOfCandidates(t *testing.T) {
	t.Parallel()
	densities := []float64{-1, 0, 0.5, 1, 2, math.Inf(1)}
	const most = 5
	var check func(candidates []srcset.Candidate)
	check = func(candidates []srcset.Candidate) {
		for _, dpr := range []float64{0.7, 1, 1.5, 3} {
			if len(candidates) > 0 {
				require.Equal(t, sorted(candidates, dpr), srcset.AtLeast(candidates, dpr), "%v for %v", candidates, dpr)
			}
		}
		if len(candidates) == most {
			return
		}
		for _, density := range densities {
			check(append(slices.Clip(candidates), srcset.Candidate{URL: strconv.Itoa(len(candidates)), Density: density}))
		}
	}
	check(nil)
}
