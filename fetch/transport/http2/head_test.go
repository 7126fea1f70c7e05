package http2

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2/hpack"
)

// A server may repeat its blocks for as long as it likes, add to the table with each or not, and refer to the table
// later: heads are those of a decoder that decodes them all.
func TestRepeatedHeadsAreDecodedAsOthers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, seed)) // #nosec G404 -- repeatable
		var want bytes.Buffer
		fresh := hpack.NewDecoder(tableSize, func(f hpack.HeaderField) {
			if f.Name != ":status" {
				fmt.Fprintf(&want, "%s: %s\r\n", f.Name, f.Value)
			}
		})
		var d decoder
		d.init()
		fails := false
		for turn := 0; turn < 100 && !fails; turn++ {
			block := randomBlock(rnd)
			for range 1 + rnd.IntN(3)*rnd.IntN(100) {
				want.Reset()
				_, err := fresh.Write(block)
				head, wrong, ours := d.whole(block)
				require.Equal(t, err == nil, ours == nil, "seed %d: %v, but %v", seed, err, ours)
				if fails = err != nil; fails {
					break
				}
				require.NoError(t, fresh.Close())
				require.NoError(t, wrong)
				_, fields, _ := bytes.Cut(head.Text, []byte("\r\n"))
				require.Equal(t, want.String(), string(fields), "seed %d", seed)
			}
		}
	}
}

// randomBlock is a head of a few fields: in the table or not, added to it or not. Sometimes the table's size changes.
func randomBlock(rnd *rand.Rand) []byte {
	block := []byte{}
	if rnd.IntN(30) == 0 {
		block = append(block, 0x20|byte(rnd.IntN(2)*30)) // 0 or 30 bytes: nothing fits
	}
	block = append(block, 0x88) // :status 200
	for range rnd.IntN(5) {
		switch rnd.IntN(8) {
		case 0:
			block = append(block, 0x80|byte(62+rnd.IntN(3))) // one of the newest in the table, if there is one
		case 1:
			block = append(block, 0x00, 1, 'x', 1, byte('a'+rnd.IntN(3)))
		default:
			block = append(block, 0x40, 1, byte('x'+rnd.IntN(3)), 1, byte('a'+rnd.IntN(3)))
		}
	}
	return block
}
