package pages

import (
	"bytes"
	"embed"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

//go:embed testdata/answers
var answers embed.FS

// madeUp is what the server answers by extension, unless a page has something else. Browsers look at the bytes of
// images, fonts, audio and video rather than at their names, therefore one file of each will do. It is valid, because a
// browser goes on to the next source if one is not.
//
//nolint:gochecknoglobals // a constant table
var madeUp = map[string]struct{ kind, file string }{
	".css": {"text/css", "style.css"}, ".js": {"text/javascript", "script.js"}, ".mjs": {"text/javascript", "script.js"},
	".png": {"image/png", "image.png"}, ".jpg": {"image/jpeg", "image.png"}, ".gif": {"image/gif", "image.png"},
	".webp": {"image/webp", "image.png"}, ".avif": {"image/avif", "image.png"}, ".ico": {"image/x-icon", "image.png"},
	".svg": {"image/svg+xml", "image.svg"}, ".woff2": {"font/woff2", "font.ttf"}, ".woff": {"font/woff", "font.ttf"},
	".ttf": {"font/ttf", "font.ttf"}, ".mp4": {"video/mp4", "sound.wav"}, ".webm": {"video/webm", "sound.wav"},
	".ogv": {"video/ogg", "sound.wav"}, ".mkv": {"video/x-matroska", "sound.wav"}, ".3gp": {"video/3gpp", "sound.wav"},
	".mp3": {"audio/mpeg", "sound.wav"}, ".ogg": {"audio/ogg", "sound.wav"}, ".vtt": {"text/vtt", "track.vtt"},
	".json": {"application/json", "data.json"}, ".webmanifest": {"application/manifest+json", "data.json"},
	".html": {"text/html; charset=utf-8", "document.html"},
}

// answer answers with what the page has at a URL, or with what is made up. All may be used by other origins.
func (l *load) answer(w http.ResponseWriter, r *http.Request, url string) {
	head := w.Header()
	head.Set("Cache-Control", "max-age=600")
	if origin := r.Header.Get("Origin"); origin != "" {
		head.Set("Access-Control-Allow-Origin", origin)
		head.Set("Access-Control-Allow-Credentials", "true")
	}
	made, known := madeUp[strings.ToLower(path.Ext(r.URL.Path))]
	if !known {
		made = madeUp[".html"]
	}
	head.Set("Content-Type", made.kind)
	if f, ok := l.page.files[url]; ok {
		l.answerFile(w, f)
		return
	}
	if !known {
		http.NotFound(w, r)
		return
	}
	body, err := answers.ReadFile("testdata/answers/" + made.file)
	if err != nil {
		panic(err)
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body)) // audio and video are asked for in ranges
}

func (l *load) answerFile(w http.ResponseWriter, f file) {
	status, body := http.StatusOK, l.hosts(f.body)
	for _, field := range f.head {
		switch value := l.hosts(field.value); field.name {
		case "Status":
			status, _ = strconv.Atoi(value)
		case "Encoding":
			body = encoded(body, value)
		default:
			w.Header().Set(field.name, value)
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// encoded returns a text in an encoding.
func encoded(text, name string) string {
	encoding, _ := charset.Lookup(name)
	out, err := encoding.NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return out
}
