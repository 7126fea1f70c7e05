// Package discover finds what a browser fetches for a document, while the document streams: the resources that HTML and
// CSS refer to, chosen for a viewport, with the priorities of Chromium.
//
// It reads tokens and builds no tree, as the preload scanners of browsers do. It runs no scripts, and does no layout.
// Scripting counts as enabled, therefore what is in noscript is not found.
//
// # Streaming
//
// HTML and CSS are cut into tags and statements as bytes come (package cut). Only those are given to tokenizers,
// complete, one by one; most tags are simple enough to be read without one. Therefore no goroutine waits for bytes, the
// result does not depend on how the input was split, and memory is bounded by the longest tag or statement that counts.
// A tokenizer that reads from an io.Reader would need a goroutine per document, and the memory of the longest script in
// it.
//
// # What a browser does otherwise
//
// Chromium fetches the same, as fetch/internal/e2e/pages tests, apart from what scripts and layout decide and from
// this: it goes on to the next font, source, object or icon if one fails or does not fit; it prefetches; it reads links
// and policies of headers, and frames of data; and its preload scanner does not look closer at a second base element,
// imports in style elements of other types, and scripts for events. A stylesheet whose media do not match, and an
// alternate one, it fetches as well, last of all: these are Late. An import whose conditions are not fulfilled is
// fetched like others.
//
// # Bounds
//
// A document has at most 4 MiB of resources; those behind them are not found. A URL has at most 8 KiB. A tag counts up
// to 256 KiB, and a statement of CSS with its first 64 KiB. Frames by srcdoc nest 4 deep. What exceeds a bound is
// skipped, and what is behind it is found. How deep imports and frames are followed is up to the caller.
package discover

// Type is what a resource is for. The names are those of Fetch's destinations, where it has one for all of them.
type Type uint8

// The types. Document is a frame; Media is audio or video. Other is a preload for scripts (as=fetch).
const (
	Document Type = iota
	Style
	Script
	Font
	Image
	Media
	Track
	Manifest
	Embed
	Object
	Other
)

func (t Type) String() string {
	switch t {
	case Document:
		return "document"
	case Style:
		return "style"
	case Script:
		return "script"
	case Font:
		return "font"
	case Image:
		return "image"
	case Media:
		return "media"
	case Track:
		return "track"
	case Manifest:
		return "manifest"
	case Embed:
		return "embed"
	case Object:
		return "object"
	default:
		return "other"
	}
}

// CrossOrigin is whether a request to another origin is made by CORS, and with which credentials.
type CrossOrigin uint8

// None is a request without CORS. Fonts, modules, manifests and what scripts fetch are never None.
const (
	None CrossOrigin = iota
	Anonymous
	UseCredentials
)

// Resource is what a browser would fetch.
type Resource struct {
	// URL is absolute, and without a fragment. It has a user and a password if the document's URL has the same.
	URL  string
	Type Type
	// Blocking is whether parsing or rendering waits for it: stylesheets whose media match, and scripts that are neither
	// async, deferred nor modules. An import is Blocking if its media match; whether its sheet is, the caller knows.
	Blocking bool
	// Late is what the browser puts off: async and deferred scripts, modules, stylesheets whose media do not match or that
	// are alternates, and images and frames that are lazy.
	Late           bool
	Preload        bool
	CrossOrigin    CrossOrigin
	Integrity      string
	ReferrerPolicy string // of the element, else of the document, else empty; that of images and fonts of CSS is empty
	Priority       Priority
	// Element is what refers to it: the name of an element, or css:@import, css:@font-face and css:url. In pictures it is
	// img; the sources of audio and video count as these.
	Element string
}

// CSSMode is what counts of CSS.
type CSSMode uint8

const (
	// Used counts imports and fonts. All fonts of @font-face count, although a browser fetches those that text on the page
	// needs: which these are is known after layout only. Images do not, because most rules of a stylesheet match nothing.
	Used CSSMode = iota
	// All counts every url() and image-set() as well.
	All
)

// Options are those of a browser. A viewport or DPR of zero counts as 1280×720 and 1.
type Options struct {
	Width, Height int     // of the viewport, in CSS pixels
	DPR           float64 // device pixels per CSS pixel
	Lazy          bool    // find what has loading=lazy as well
	CSS           CSSMode
	PrefersDark   bool
	// ReferrerPolicy is what the header of a document says, until a meta element says something else. For a stylesheet it
	// is what its own header says, or else that of its document; it counts for imports.
	ReferrerPolicy string
	// Charset is the encoding of the document or stylesheet that refers to this one, if it is of the same origin or this
	// is a stylesheet. It counts if nothing else states one.
	Charset string
	// Frame is whether the document is in a frame. Then its icon and its manifest do not count.
	Frame bool
}
