package js

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where k6 draws progress bars, the cursor is at their beginning.
func TestOnATerminalWhatIsPrintedErasesTheProgressBars(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := &printer{out: &out, onTerminal: true}
	require.NoError(t, p.write("one\n\ntwo"))
	require.NoError(t, p.write(""))
	require.Equal(t, "one\x1b[0K\n\x1b[0K\ntwo\x1b[0K\n\x1b[0J"+"\x1b[0K\n\x1b[0J", out.String())
}
