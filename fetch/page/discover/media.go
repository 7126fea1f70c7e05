package discover

import "strings"

// media is the audio or video element that is open.
type media struct {
	open        bool
	name        string
	loads       bool // it fetches the first source that it can play
	crossOrigin CrossOrigin
	tracks      map[string]bool // the kinds that have one
}

// audioVideo finds the poster and the source of an audio or video element.
func (s *scanner) audioVideo(name string, a attributes) {
	if name == "video" {
		s.find(a, "poster", Resource{Type: Image, Element: name}, importance{inDocument: true, small: isSmall(a)})
	}
	m := media{open: true, name: name, crossOrigin: crossOrigin(a)}
	// Neither preload=metadata nor auto changes that something is fetched.
	// What makes a sound does not play by itself, nor does audio.
	m.loads = !equalFold(a.get("preload"), "none") || name == "video" && a.has("autoplay") && a.has("muted")
	if a.has("src") {
		if m.loads {
			s.find(a, "src", Resource{Type: Media, Element: name, CrossOrigin: m.crossOrigin}, importance{})
		}
		m.loads = false // its sources do not count
	}
	s.context.media = m
}

// mediaSource finds a source of audio or video, if it is the first that is playable.
func (s *scanner) mediaSource(a attributes) {
	m := &s.context.media
	if !m.open || !m.loads || trimmed(a, "src") == "" {
		return
	}
	if !playable(a.get("type")) || !s.finder.environment.Matches(a.get("media")) {
		return
	}
	m.loads = false
	s.find(a, "src", Resource{Type: Media, Element: m.name, CrossOrigin: m.crossOrigin}, importance{})
}

// track finds a track that is enabled by default: the first of its kind, or any of metadata. Subtitles and captions
// count as one kind.
func (s *scanner) track(a attributes) {
	m := &s.context.media
	if !m.open || !a.has("default") {
		return
	}
	kind, ok := a.lookup("kind")
	switch kind = strings.ToLower(kind); {
	case !ok || kind == "captions":
		kind = "subtitles"
	case kind == "subtitles", kind == "descriptions", kind == "chapters":
	default:
		kind = "metadata" // invalid ones as well
	}
	if kind != "metadata" && m.tracks[kind] {
		return
	}
	if m.tracks == nil {
		m.tracks = make(map[string]bool)
	}
	m.tracks[strings.Clone(kind)] = true
	s.find(a, "src", Resource{Type: Track, Element: "track", CrossOrigin: m.crossOrigin}, importance{})
}
