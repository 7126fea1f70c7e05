package discover

import (
	"net/url"
	"strconv"
	"strings"
)

// icons keeps the one icon that is fetched of those that a document has, when all else has come. HTML leaves open which
// one fits best (section 4.6.7.8). This is the order of Chromium on a desktop, as its requests show: those for any
// size, of unknown size, or for both 16 and 32 pixels; 32 pixels; 16; larger ones, the smallest first. Of equals it is
// the last. Chromium goes on to the next if an icon turns out to be of another size, which only its bytes tell.
type icons struct {
	resource  Resource
	base      *url.URL
	reference string
	sizes     string
}

// consider takes an icon. Chromium does not look at its type.
func (i *icons) consider(a attributes, base *url.URL) {
	if trimmed(a, "href") == "" {
		return
	}
	if i.base != nil && !nearerIcon(a.get("sizes"), i.sizes) {
		return
	}
	i.resource, i.base, i.reference, i.sizes = linked(a, Image), base, a.get("href"), a.get("sizes")
	i.resource.Late = true
}

func (i *icons) find(f *finder) {
	if i.base == nil {
		return
	}
	f.find(i.base, i.reference, i.resource, importance{icon: true})
}

// nearerIcon reports whether an icon of such sizes is preferred to the one before.
func nearerIcon(sizes, before string) bool {
	return iconDistance(sizes) <= iconDistance(before)
}

func iconDistance(sizes string) int {
	const small, large, farthest = 16, 32, 1 << 16
	known, hasSmall, hasLarge, nearest := false, false, false, farthest
	for size := range strings.FieldsSeq(strings.ToLower(sizes)) {
		width, _, _ := strings.Cut(size, "x")
		pixels, err := strconv.Atoi(width)
		if size == "any" || err != nil || pixels <= 0 {
			continue
		}
		known = true
		hasSmall = hasSmall || pixels == small
		hasLarge = hasLarge || pixels == large
		if pixels > small {
			nearest = min(nearest, pixels)
		}
	}
	switch {
	case !known, hasSmall && hasLarge:
		return 0
	case hasLarge:
		return 1
	case hasSmall:
		return 2
	default:
		return nearest
	}
}
