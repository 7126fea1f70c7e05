package discover

import (
	"mime"
	"path"
	"slices"
	"strings"
)

// Essence returns a media type in lower case, without parameters.
func Essence(value string) string {
	kind, _, _ := strings.Cut(value, ";")
	return strings.ToLower(trimSpace(kind))
}

// imageType reports whether Chromium shows images of a type.
func imageType(value string) bool {
	switch Essence(value) {
	case "image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/x-png", "image/apng", "image/gif", "image/webp",
		"image/avif", "image/jxl", "image/svg+xml", "image/bmp", "image/x-icon",
		"image/vnd.microsoft.icon", "image/x-xbitmap":
		return true
	default:
		return false
	}
}

// fontType reports whether Chromium uses fonts of a type.
func fontType(essence string) bool {
	switch essence {
	case "font/woff2", "font/woff", "font/ttf", "font/otf", "font/sfnt", "font/collection":
		return true
	case "application/font-woff", "application/font-woff2", "application/font-sfnt", "application/vnd.ms-opentype",
		"application/x-font-ttf", "application/x-font-otf", "application/x-font-woff", "application/x-truetype-font",
		"application/x-font-opentype", "application/x-font-truetype":
		return true
	default:
		return false
	}
}

// displayable reports whether embed and object elements show content of a type. Without one, the name of the file
// decides, or else the response.
func displayable(value, reference string) bool {
	switch kind := Essence(value); kind {
	case "":
		switch extension(reference) {
		case "bin", "class", "dcr", "dll", "exe", "gz", "jar", "swf", "xap", "zip":
			return false
		default:
			return true
		}
	case "application/pdf", "application/xhtml+xml", "application/xml", "application/json", "application/javascript":
		return true
	default:
		return imageType(kind) || strings.HasPrefix(kind, "text/") || playable(kind)
	}
}

// extension returns the extension of a file that a reference names, in lower case.
func extension(reference string) string {
	if i := strings.IndexAny(reference, "?#"); i >= 0 {
		reference = reference[:i]
	}
	return strings.ToLower(strings.TrimPrefix(path.Ext(reference), "."))
}

// showsImage reports whether an embed or object element shows an image.
func showsImage(kind, reference string) bool {
	if Essence(kind) != "" {
		return imageType(kind) && Essence(kind) != "image/svg+xml"
	}
	switch extension(reference) {
	case "png", "apng", "jpg", "jpeg", "gif", "webp", "avif", "jxl", "bmp", "ico":
		return true
	default:
		return false
	}
}

// playable reports whether Chromium may play audio or video of a type. Without one, it tries.
func playable(value string) bool {
	if strings.TrimSpace(value) == "" {
		return true
	}
	codecs, ok := codecsOf(Essence(value))
	if !ok {
		return false
	}
	_, parameters, err := mime.ParseMediaType(value)
	if err != nil {
		return true
	}
	for codec := range strings.SplitSeq(parameters["codecs"], ",") {
		name, _, _ := strings.Cut(strings.TrimSpace(codec), ".")
		if name != "" && !slices.Contains(strings.Fields(codecs), name) {
			return false
		}
	}
	return true
}

// codecsOf returns the codecs that Chromium plays in a container, separated by spaces. It reports whether it knows the
// container.
func codecsOf(container string) (codecs string, ok bool) {
	const video, audio = "avc1 avc3 av01 vp09 ", "mp4a opus flac mp3"
	switch container {
	case "video/mp4", "video/x-m4v", "video/3gpp", "video/x-matroska", "application/vnd.apple.mpegurl",
		"application/x-mpegurl", "audio/mpegurl", "audio/x-mpegurl":
		return video + audio, true
	case "audio/mp4", "audio/x-m4a", "audio/x-matroska":
		return audio, true
	case "video/webm":
		return "vp8 vp08 vp9 vp09 av01 opus vorbis", true
	case "audio/webm":
		return "opus vorbis", true
	case "video/ogg", "audio/ogg", "application/ogg":
		return "vp8 opus vorbis flac", true
	case "audio/mpeg", "audio/mp3", "audio/x-mp3":
		return "mp3", true
	case "audio/wav", "audio/x-wav":
		return "1", true
	case "audio/aac", "audio/flac":
		return "", true
	default:
		return "", false
	}
}
