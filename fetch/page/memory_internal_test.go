package page

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/page/discover"
)

// reader has a memory read bodies of one URL, and notes what it finds in them.
type reader struct {
	memory  *Memory
	style   bool
	scanned int // bodies that a scanner was made for
	found   []string
}

// read reads a body in pieces of a size, and returns what was found: after how many pieces, and what the body had said
// of itself so far.
func (r *reader) read(body string, size int, whole bool) []string {
	base, _ := url.Parse("https://shop.example/")
	r.found = nil
	pieces := 0
	var s scanner
	note := func(res discover.Resource) {
		r.found = append(r.found, fmt.Sprintf("%d %+v %s %s", pieces, res, s.Charset(), s.ReferrerPolicy()))
	}
	s = r.memory.scanner(source{address: base.String(), style: r.style}, func(found func(discover.Resource)) scanner {
		r.scanned++
		if r.style {
			return discoverer{discover.NewCSS(base, "text/css", discover.Options{}, found)}
		}
		return discoverer{discover.NewHTML(base, "text/html", discover.Options{}, found)}
	}, finds{scanned: note, known: note})
	for len(body) > 0 {
		pieces++
		n := min(size, len(body))
		if n, err := s.Write([]byte(body[:n])); n == 0 || err != nil {
			panic("it takes everything")
		}
		body = body[n:]
	}
	pieces = -1
	s.Close(whole)
	return append(r.found, s.Charset()+" "+s.ReferrerPolicy())
}

const (
	aPage = `<!doctype html><meta charset=utf-8><meta name=referrer content=origin><link rel=icon href=icon.png>` +
		`<link rel=stylesheet href=a.css><style>@import "b.css"; @font-face{font-family:f;src:url(f.woff2)}</style>` +
		`<script src=c.js></script><img src=d.png><iframe srcdoc="<img src=e.png>"></iframe>`
	anotherPage = `<!doctype html><meta charset=utf-8><link rel=stylesheet href=x.css><img src=y.png>`
)

// A body is scanned until its source has been asked for it twice, and then again from where it differs.
func TestAMemoryScansWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		bodies  []string // a body that ends in ! is cut off there
		scanned []bool
	}{
		{"the same page", []string{"a", "a", "a", "a"}, []bool{true, true, false, false}},
		{
			"a page that changed once",
			[]string{"a", "a", "a", "b", "b", "a", "a"},
			[]bool{true, true, false, true, false, true, false},
		},
		{"a page that became longer", []string{"a", "a", "aa", "aa"}, []bool{true, true, true, false}},
		{"a page that became shorter", []string{"aa", "aa", "a", "a"}, []bool{true, true, true, false}},
		{"an empty page", []string{"", "", ""}, []bool{true, true, true}},
		{
			"a page that changes all the time",
			[]string{"a", "a", "b", "a", "b", "a", "a", "a", "a"},
			[]bool{true, true, true, true, true, true, true, true, true},
		},
		{
			"a page that changes now and then",
			[]string{"a", "a", "b", "a", "a", "b", "a", "a", "b", "a", "a"},
			[]bool{true, true, true, true, false, true, true, false, true, true, false},
		},
		{
			"what was cut off is not remembered",
			[]string{"a", "a!", "a", "a", "a!", "a"},
			[]bool{true, true, true, false, true, false},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			bodies := map[string]string{"": "", "a": aPage, "b": anotherPage, "aa": aPage + `<img src=z.png>`}
			r := &reader{memory: &Memory{}}
			for i, name := range test.bodies {
				name, cut := strings.CutSuffix(name, "!")
				body := bodies[name]
				if cut {
					body = body[:len(body)/2]
				}
				before := r.scanned
				found := r.read(body, 7, !cut)
				require.Equal(t, test.scanned[i], r.scanned > before, "body %d", i)
				require.Equal(t, (&reader{}).read(body, 7, !cut), found, "body %d", i)
			}
		})
	}
}

// Memory is bounded, however many pages there are and however long they are.
func TestAMemoryIsBounded(t *testing.T) {
	t.Parallel()
	m := &Memory{}
	page := strings.Repeat(aPage, 1000)
	for i := range 2 * maxMemory / len(page) {
		from := source{address: fmt.Sprintf("https://shop.example/%d", i)}
		for range 2 {
			s := m.scanner(from, func(func(discover.Resource)) scanner { return discoverer{nothing{}} }, finds{})
			_, _ = s.Write([]byte(page))
			s.Close(true)
		}
		require.LessOrEqual(t, m.size, maxMemory)
	}
	size := 0
	for from, known := range m.bodies {
		size += sizeOf(from, known)
	}
	require.Equal(t, size, m.size)
	require.Greater(t, m.size, maxMemory/2)

	long := &reader{memory: &Memory{}}
	for range 3 {
		found := long.read(aPage+strings.Repeat(" ", maxRemembered), 32<<10, true)
		require.Len(t, found, 8)
	}
	require.Equal(t, 3, long.scanned)
	require.Less(t, long.memory.size, 1<<10)
}

// nothing is a scanner that finds nothing.
type nothing struct{}

func (nothing) Write(p []byte) (int, error) { return len(p), nil }
func (nothing) Close()                      {}
func (nothing) Charset() string             { return "" }
func (nothing) ReferrerPolicy() string      { return "" }

// Whatever bodies a URL has one after another, and however they are split, the same is found as without a memory, in
// the same order and as early.
func FuzzMemory(f *testing.F) {
	f.Add(aPage, anotherPage, uint8(1), false)
	f.Add(aPage, aPage[:100]+"<img src=q>"+aPage[100:], uint8(9), false)
	f.Add(aPage, aPage+">", uint8(200), false)
	f.Add(`@charset "latin1"; @import "a.css" print; .a{}`, `@import "b.css"; @font-face{src:url(f)}`, uint8(1), true)
	f.Fuzz(func(t *testing.T, one, other string, size uint8, style bool) {
		remembering, plain := &reader{memory: &Memory{}, style: style}, &reader{style: style}
		for i, body := range []string{one, one, one, other, one, other, other, other, one} {
			pieces := max(1, int(size))
			require.Equal(t, plain.read(body, pieces, true), remembering.read(body, pieces, true), "body %d", i)
		}
	})
}
