package typeface

import (
	"bytes"

	"github.com/andybalholm/brotli"
)

// table is a table of a font. WOFF2 has numbers for the usual ones.
type table struct {
	number byte
	body   []byte
}

// tables returns the tables of a font, in the order of their numbers. WOFF2 can transform glyphs and their offsets to
// save some bytes, which these say is not done.
func (f *font) tables() []table {
	const untransformed = 3 << 6
	return []table{
		{0, f.cmap()},
		{1, f.head()},
		{2, f.hhea()},
		{3, f.hmtx},
		{4, f.maxp()},
		{5, f.name()},
		{6, f.os2()},
		{7, f.post()},
		{10 | untransformed, f.glyf},
		{11 | untransformed, f.loca},
	}
}

// pack makes a font of a table of characters, and packs it as WOFF2 (https://www.w3.org/TR/WOFF2/).
func pack(family, characters string, margin, line int) ([]byte, error) {
	glyphs, err := readGlyphs(characters, margin, line)
	if err != nil {
		return nil, err
	}
	tables := newFont(family, glyphs).tables()
	const record = 16 // of the directory that the unpacked font has
	var directory []byte
	var packed bytes.Buffer
	w := brotli.NewWriterLevel(&packed, brotli.BestCompression)
	unpacked := 12 + record*len(tables)
	for _, t := range tables {
		directory = base128(append(directory, t.number), len(t.body))
		unpacked += aligned(len(t.body))
		_, _ = w.Write(t.body) // a buffer takes everything
	}
	_ = w.Close()
	const header, trueType = 48, 1 << 16
	length := aligned(header + len(directory) + packed.Len())
	out := u32([]byte("wOF2"), trueType, length)
	out = u16(out, len(tables), 0)
	out = u32(out, unpacked, packed.Len())
	out = u16(out, 1, 0)          // its version
	out = u32(out, 0, 0, 0, 0, 0) // neither metadata nor anything private
	out = append(append(out, directory...), packed.Bytes()...)
	return append(out, make([]byte, length-len(out))...), nil
}

func aligned(length int) int { return (length + 3) / 4 * 4 }

// base128 appends a number in groups of seven bits, all but the last of which are marked.
func base128(out []byte, number int) []byte {
	const group = 1 << 7
	if number >= group {
		for _, digit := range base128(nil, number/group) {
			out = append(out, digit|group)
		}
	}
	return append(out, byte(number%group)) // #nosec G115 -- seven bits
}
