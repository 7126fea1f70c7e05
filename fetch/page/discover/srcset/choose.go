package srcset

import (
	"math"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/cssquery"
	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover/csstoken"
)

// Choose returns the URL of the image that is fetched: of the candidates, or src, which may be empty. The size is that
// of the image in the page, in CSS pixels. It is empty if there is none.
func Choose(candidates []Candidate, src string, size, dpr float64) string {
	images := make([]Candidate, 0, len(candidates)+1)
	widths := false
	for _, candidate := range candidates {
		if candidate.Width > 0 {
			widths = true
			candidate.Density = math.Inf(1)
			if size > 0 {
				candidate.Density = candidate.Width / size
			}
		}
		images = append(images, candidate)
	}
	if src != "" && !widths { // behind those of the same density, which are preferred
		images = append(images, Candidate{URL: src, Density: 1})
	}
	return AtLeast(images, dpr)
}

// AtLeast returns the URL of the candidate with the least density that is no less than the screen's, or else of the one
// with the highest. Of equals it is the first. It is empty if there is none.
//
// HTML leaves this choice to browsers. It is Chromium's, for srcset and for image-set() of CSS. Older versions took a
// lower density for srcset if that was nearer.
func AtLeast(candidates []Candidate, dpr float64) string {
	if len(candidates) == 0 {
		return ""
	}
	best := candidates[0]
	for _, candidate := range candidates[1:] {
		better := candidate.Density > best.Density
		if best.Density >= dpr {
			better = candidate.Density < best.Density && candidate.Density >= dpr
		}
		if better {
			best = candidate
		}
	}
	return best.URL
}

// maxSizes bounds the tokens of sizes. Longer ones count as missing.
const maxSizes = 1024

// Size returns the size of an image in the page that the attribute sizes states, in CSS pixels: the first whose
// condition is true. Without a valid one it is the viewport's width. So is "auto", unless the image is lazy: then
// layout decides, and what follows is the best guess.
func Size(sizes string, environment cssquery.Environment, lazy bool) float64 {
	if sizes == "" {
		return environment.Width
	}
	tokens, all := csstoken.All([]byte(sizes), maxSizes)
	if !all {
		return environment.Width
	}
	for _, part := range cssquery.SplitCommas(tokens) {
		condition, length := cssquery.SplitLast(part)
		if len(condition) == 0 && len(length) == 1 && length[0].Is("auto") && !lazy {
			break
		}
		size, ok := environment.Length(length)
		if !ok || size < 0 && length[0].Kind != csstoken.Function {
			continue
		}
		if len(condition) == 0 || environment.Condition(condition) {
			return max(size, 0)
		}
	}
	return environment.Width
}
