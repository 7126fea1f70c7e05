package typeface

import (
	"encoding/binary"
	"math"
	"unicode/utf16"
)

// The measures of the fonts, in units. A font is unitsPerEm high.
const (
	unitsPerEm = 1000
	ascent     = 850
	descent    = 150
	capitals   = 700
	weight     = 500
)

// font is a TrueType font while it is made: big-endian tables, as OpenType describes them.
type font struct {
	family  string
	glyphs  []glyph // by character
	glyf    []byte
	loca    []byte
	hmtx    []byte
	low     [2]int // of all glyphs
	high    [2]int
	points  int // of the glyph that has most
	corners int // contours, likewise
}

func newFont(family string, glyphs []glyph) *font {
	f := &font{family: family, glyphs: glyphs}
	const missing = unitsPerEm / 2
	f.add(missing, nil)
	for _, g := range glyphs {
		f.add(g.advance, g.lines)
	}
	f.loca = u32(f.loca, len(f.glyf))
	return f
}

func (f *font) head() []byte {
	const magic, flags, smallest, direction, longOffsets = 0x5f0f3cf5, 3, 8, 2, 1
	out := u32(nil, 1<<16, 1<<16, 0, magic)
	out = u16(out, flags, unitsPerEm)
	out = append(out, make([]byte, 16)...) // its dates
	return u16(out, f.low[0], f.low[1], f.high[0], f.high[1], 0, smallest, direction, longOffsets, 0)
}

func (f *font) hhea() []byte {
	out := u32(nil, 1<<16)
	out = u16(out, ascent, -descent, 0, unitsPerEm, 0, 0, f.high[0], 1, 0, 0)
	out = append(out, make([]byte, 10)...)
	return u16(out, len(f.glyphs)+1)
}

func (f *font) maxp() []byte {
	const zones = 2
	out := u32(nil, 1<<16)
	out = u16(out, len(f.glyphs)+1, f.points, f.corners, 0, 0, zones)
	return append(out, make([]byte, 16)...)
}

// cmap has a segment for each character.
func (f *font) cmap() []byte {
	const format, windows, unicode, last = 4, 3, 1, 0xffff
	n := len(f.glyphs) + 1
	search := 1 << int(math.Log2(float64(n)))
	var ends, starts, deltas []byte
	for i, g := range f.glyphs {
		ends, starts, deltas = u16(ends, int(g.char)), u16(starts, int(g.char)), u16(deltas, i+1-int(g.char))
	}
	ends, starts, deltas = u16(ends, last), u16(starts, last), u16(deltas, 1)
	table := u16(nil, format, 16+8*n, 0, 2*n, 2*search, int(math.Log2(float64(search))), 2*(n-search))
	table = u16(append(table, ends...), 0)
	table = append(append(table, starts...), deltas...)
	table = append(table, make([]byte, 2*n)...)
	return append(u32(u16(nil, 0, 1, windows, unicode), 12), table...)
}

func (f *font) os2() []byte {
	const version, width, fsSelection, latin, xHeight = 4, 5, 1 << 6, 1, 500
	out := u16(nil, version, unitsPerEm/2, weight, width, 0)
	out = append(out, make([]byte, 22)...) // subscripts, superscripts, strikeout and class
	out = append(out, make([]byte, 10)...) // panose
	out = u32(out, latin, 0, 0, 0)
	out = append(out, "NFEL"...)
	out = u16(out, fsSelection, int(f.glyphs[0].char), int(f.glyphs[len(f.glyphs)-1].char))
	out = u16(out, ascent, -descent, 0, ascent, descent)
	out = u32(out, 1, 0)
	return u16(out, xHeight, capitals, 0, ' ', 1)
}

func (f *font) name() []byte {
	const windows, unicode, english = 3, 1, 0x409
	records, text := []byte{}, []byte{}
	names := map[int]string{1: f.family, 2: "Regular", 4: f.family, 6: "Northfell-Regular"}
	ids := []int{1, 2, 4, 6}
	for _, id := range ids {
		start := len(text)
		for _, unit := range utf16.Encode([]rune(names[id])) {
			text = u16(text, int(unit))
		}
		records = u16(records, windows, unicode, english, id, len(text)-start, start)
	}
	return append(append(u16(nil, 0, len(ids), 6+len(records)), records...), text...)
}

func (f *font) post() []byte {
	const withoutNames, underline = 3 << 16, 100
	out := u32(nil, withoutNames, 0)
	out = u16(out, -underline, underline/2)
	return append(out, make([]byte, 20)...)
}

func u16(out []byte, values ...int) []byte {
	for _, v := range values {
		out = binary.BigEndian.AppendUint16(out, uint16(v)) // #nosec G115 -- negative ones wrap, as they should
	}
	return out
}

func u32(out []byte, values ...int) []byte {
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, uint32(v)) // #nosec G115 -- none is negative
	}
	return out
}
