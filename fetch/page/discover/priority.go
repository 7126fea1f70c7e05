package discover

// Priority is how urgent a request is. A higher one is more urgent.
type Priority uint8

// The priorities, as Chromium's developer tools name them.
const (
	Lowest Priority = iota
	Low
	Medium
	High
	Highest
)

func (p Priority) String() string {
	switch p {
	case Lowest:
		return "lowest"
	case Low:
		return "low"
	case Medium:
		return "medium"
	case High:
		return "high"
	default:
		return "highest"
	}
}

// Chromium counts an image as small up to so many pixels, and prefers the first of those that are not.
const (
	smallImage      = 10_000
	preferredImages = 5
)

// prioritizer assigns priorities as Chromium does before layout. Its rules are those of TypeToPriority,
// ComputeLoadPriority, AdjustImagePriority and AdjustPriorityWithPriorityHintAndRenderBlocking in Blink's
// platform/loader/fetch (resource_fetcher.cc and resource_request_utils.cc):
//
//	frames, stylesheets, fonts                          highest
//	scripts, modules, preloaded fonts, preloads (fetch) high
//	the icon, which is requested last all the same      high
//	scripts and stylesheets behind the first image      medium
//	manifests, the first five images that are not small medium
//	images, audio, video, tracks, async, defer          low
//	stylesheets whose media do not match, alternates    lowest
//
// fetchpriority raises to high or lowers to low. A stylesheet goes down to high only, and what blocks rendering is
// never lower than high.
//
// After layout, Chromium raises images in the viewport to high. That is unknown here.
type prioritizer struct {
	imageSeen bool // behind the first image, the document is late
	preferred int  // images
}

// importance is what a priority depends on beside the type.
type importance struct {
	hint       string // fetchpriority
	lazy       bool   // async, deferred, media that do not match
	module     bool
	preload    bool
	blocking   bool // rendering, not parsing
	inDocument bool // it is requested before layout: an element that parser or preload scanner know
	small      bool // an image
	image      bool // an embed or object element that shows one
	icon       bool // of the document, which browsers request apart from it
}

func (p *prioritizer) priority(t Type, i importance) Priority {
	if t == Image && !i.preload && i.inDocument {
		p.imageSeen = true
	}
	late := p.imageSeen && i.inDocument
	priority := typePriority(t)
	switch {
	case i.image:
		priority = Low
	case i.icon:
		priority = High
	case t == Font && i.preload:
		priority = High
	case t == Script && !i.module && i.lazy:
		priority = Low
	case t == Style && i.lazy:
		priority = Lowest
	case (t == Style || t == Script && !i.module) && late:
		priority = Medium
	}
	priority = hinted(priority, t, i)
	if t == Image && i.inDocument && !i.preload && !i.small && p.preferred < preferredImages {
		p.preferred++
		if i.hint == "" {
			priority = max(priority, Medium)
		}
	}
	return priority
}

func typePriority(t Type) Priority {
	switch t {
	case Document, Embed, Object, Style, Font:
		return Highest
	case Script, Other:
		return High
	case Manifest:
		return Medium
	default:
		return Low
	}
}

func hinted(priority Priority, t Type, i importance) Priority {
	switch i.hint {
	case "high":
		priority = max(priority, High)
	case "low":
		if t == Style && priority == Highest {
			priority = High
		} else {
			priority = min(priority, Low)
		}
	}
	if i.blocking {
		priority = max(priority, High)
	}
	return priority
}
