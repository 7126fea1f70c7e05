package js //nolint:testpackage // what it asks of a terminal is nothing that others can call

import (
	"fmt"
	"os"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestTheWidthIsThatOfTheTerminal(t *testing.T) {
	t.Parallel()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("there are no terminals here: ", err)
	}
	defer func() { require.NoError(t, terminal.Close()) }()
	for _, c := range []struct {
		columns uint16
		want    int
	}{{80, 80}, {132, 132}, {20, 40}, {1000, 200}, {0, 0}} {
		size := [4]uint16{24, c.columns}
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TIOCSWINSZ,
			uintptr(unsafe.Pointer(&size))) // #nosec G103 -- a terminal is told so
		require.Zero(t, errno)
		require.Equal(t, c.want, terminalWidth(int(terminal.Fd())), fmt.Sprint(c.columns))
	}
	file, err := os.Create(t.TempDir() + "/file")
	require.NoError(t, err)
	require.Zero(t, terminalWidth(int(file.Fd())), "a file has no width")
	require.NoError(t, file.Close())
	require.Zero(t, terminalWidth(-1))
}
