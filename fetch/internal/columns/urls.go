package columns

import "strings"

// ShortenURL returns a URL, with or without its scheme and host, in at most n columns. It leaves out whole segments of
// the path, because the host and the name of the file say most. If that does not suffice, it cuts anything of the
// middle.
func ShortenURL(s string, n int) string {
	if Of(s) <= n {
		return s
	}
	path, _, _ := strings.Cut(s, "?")
	begin := 0
	if scheme := strings.Index(path, "://"); scheme >= 0 {
		begin = scheme + len("://")
	}
	var ends []int // of the host, and of the segments before the last, with the slash behind each
	for i := begin; i < len(path); i++ {
		if path[i] == '/' {
			ends = append(ends, i+1)
		}
	}
	if len(ends) < 2 { //nolint:mnd // a beginning, and an end
		return ShortenMiddle(s, n)
	}
	first, last := 0, len(ends)-1
	whole := func(first, last int) string { return s[:ends[first]] + ellipsis + s[ends[last]-1:] }
	if Of(whole(first, last)) > n {
		return ShortenMiddle(s, n)
	}
	// The end grows first: files of one folder differ from those of another there.
	for grown := true; grown; {
		grown = false
		if last-1 > first && Of(whole(first, last-1)) <= n {
			last, grown = last-1, true
		}
		if first+1 < last && Of(whole(first+1, last)) <= n {
			first, grown = first+1, true
		}
	}
	return whole(first, last)
}
