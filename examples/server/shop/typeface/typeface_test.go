package typeface

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"
)

// unpack reads a WOFF2 as its specification says, and returns its tables by their numbers.
func unpack(t *testing.T, file []byte) map[byte][]byte {
	t.Helper()
	const header = 48
	require.Equal(t, "wOF2\x00\x01\x00\x00", string(file[:8]))
	require.Equal(t, uint32(len(file)), binary.BigEndian.Uint32(file[8:]), "its length")
	require.Zero(t, len(file)%4)
	count := int(binary.BigEndian.Uint16(file[12:]))
	directory := bytes.NewReader(file[header:])
	type entry struct {
		number byte
		length int
	}
	entries := make([]entry, count)
	unpacked := 12 + 16*count
	for i := range entries {
		flags, err := directory.ReadByte()
		require.NoError(t, err)
		number, transform := flags&63, flags>>6
		if number == 10 || number == 11 {
			require.Equal(t, byte(3), transform, "glyphs are as they are")
		} else {
			require.Zero(t, transform)
		}
		length := 0
		for {
			digit, err := directory.ReadByte()
			require.NoError(t, err)
			length = length<<7 | int(digit&127)
			if digit < 128 {
				break
			}
		}
		entries[i] = entry{number, length}
		unpacked += (length + 3) / 4 * 4
	}
	require.Equal(t, uint32(unpacked), binary.BigEndian.Uint32(file[16:]), "its length when unpacked")
	packed := int(binary.BigEndian.Uint32(file[20:]))
	start := len(file) - directory.Len()
	data, err := io.ReadAll(brotli.NewReader(bytes.NewReader(file[start : start+packed])))
	require.NoError(t, err)
	tables := make(map[byte][]byte)
	for _, e := range entries {
		tables[e.number], data = data[:e.length], data[e.length:]
	}
	require.Empty(t, data)
	return tables
}

// glyphOf returns the number of a character's glyph, by the table cmap.
func glyphOf(cmap []byte, char rune) int {
	table := cmap[binary.BigEndian.Uint32(cmap[8:]):]
	segments := int(binary.BigEndian.Uint16(table[6:])) / 2
	at := func(part, i int) uint16 { return binary.BigEndian.Uint16(table[14+2*(part*segments+i):]) }
	for i := range segments {
		if at(0, i) >= uint16(char) {
			start := binary.BigEndian.Uint16(table[16+2*(segments+i):])
			delta := binary.BigEndian.Uint16(table[16+2*(2*segments+i):])
			if start > uint16(char) {
				return 0
			}
			return int(uint16(char) + delta)
		}
	}
	return 0
}

func TestFonts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		create func() ([]byte, error)
		has    string
		lacks  string
		most   int // bytes
	}{
		{"letters", Letters, " ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-–’&£%+!?", "abc★", 4096},
		{"icons", Icons, " ★♥\ue001\ue002\ue003\ue004\ue005\ue006", "A", 2048},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file, err := c.create()
			require.NoError(t, err)
			require.Less(t, len(file), c.most)
			again, err := c.create()
			require.NoError(t, err)
			require.Equal(t, file, again, "it is the same each time")
			tables := unpack(t, file)
			glyphs := int(binary.BigEndian.Uint16(tables[4][4:]))
			require.Equal(t, 1+len([]rune(c.has)), glyphs, "the missing one, and each character")
			require.Len(t, tables[3], 4*glyphs, "each has an advance")
			require.Len(t, tables[11], 4*(glyphs+1), "each has a place, and the last an end")
			for _, char := range c.has {
				glyph := glyphOf(tables[0], char)
				require.NotZero(t, glyph, "%q", char)
				start := binary.BigEndian.Uint32(tables[11][4*glyph:])
				end := binary.BigEndian.Uint32(tables[11][4*glyph+4:])
				require.Equal(t, char != ' ', end > start, "%q is drawn", char)
			}
			for _, char := range c.lacks {
				require.Zero(t, glyphOf(tables[0], char), "%q", char)
			}
		})
	}
}

func TestRings(t *testing.T) {
	t.Parallel()
	file, err := Letters()
	require.NoError(t, err)
	tables := unpack(t, file)
	for char, contours := range map[rune]int16{'O': 2, '0': 2, 'I': 1, 'A': 2, '8': 2, '%': 5, '!': 2} {
		start := binary.BigEndian.Uint32(tables[11][4*glyphOf(tables[0], char):])
		require.Equal(t, contours, int16(binary.BigEndian.Uint16(tables[10][start:])), "%q", char)
	}
}

func TestReadGlyphsRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, table, want string }{
		{"too few columns", "A 10 line", "3 columns, want 4"},
		{"no width", "A wide line M0 0L1 1", "invalid syntax"},
		{"no character", "what 10 line M0 0L1 1", "invalid syntax"},
		{"a character of more than two bytes", "1f600 10 line M0 0L1 1", "value out of range"},
		{"no path", "A 10 line L1 1", "where a line begins"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := pack("Test", "# a comment\n"+c.table, 0, 10)
			require.ErrorContains(t, err, c.want)
			require.True(t, strings.HasPrefix(err.Error(), `"`+c.table), "it says where")
		})
	}
}

func TestBase128(t *testing.T) {
	t.Parallel()
	cases := []struct {
		number int
		want   []byte
	}{
		{0, []byte{0}},
		{63, []byte{63}},
		{127, []byte{127}},
		{128, []byte{0x81, 0}},
		{16384, []byte{0x81, 0x80, 0}},
		{16383, []byte{0xff, 0x7f}},
	}
	for _, c := range cases {
		require.Equal(t, c.want, base128(nil, c.number), c.number)
	}
}
