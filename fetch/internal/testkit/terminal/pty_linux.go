package terminal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// Pseudo is a pseudo-terminal of the kernel with a screen.
type Pseudo struct {
	*Terminal

	// Far is the end for the program.
	Far *os.File

	near *os.File
	more chan struct{}
	done chan struct{}
}

// Open opens a pseudo-terminal of a width. The test is skipped where there are none.
func Open(tb testing.TB, columns int) *Pseudo {
	tb.Helper()
	near, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		tb.Skip("there are no terminals here: ", err)
	}
	var number, unlocked uint32
	control(tb, near, syscall.TIOCSPTLCK, unsafe.Pointer(&unlocked)) // #nosec G103 -- how a terminal is told
	control(tb, near, syscall.TIOCGPTN, unsafe.Pointer(&number))     // #nosec G103 -- as above
	far, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	p := &Pseudo{Terminal: New(columns), Far: far, near: near, more: make(chan struct{}, 1), done: make(chan struct{})}
	p.Widen(tb, columns)
	go p.read()
	tb.Cleanup(func() {
		_ = far.Close()  // closed already, as a rule
		_ = near.Close() // as above
		<-p.done
	})
	return p
}

func control(tb testing.TB, f *os.File, request uintptr, argument unsafe.Pointer) {
	tb.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(argument)); errno != 0 {
		tb.Fatal(errno)
	}
}

// read puts what the program writes onto the screen. The kernel writes a carriage return before each line feed.
func (p *Pseudo) read() {
	defer close(p.done)
	buffer := make([]byte, 4096) //nolint:mnd // a page
	for {
		n, err := p.near.Read(buffer)
		_, _ = p.Write(buffer[:n]) // it cannot fail
		select {
		case p.more <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// Widen gives the terminal another width.
func (p *Pseudo) Widen(tb testing.TB, columns int) {
	tb.Helper()
	const rows = 24
	size := [4]uint16{rows, uint16(columns)} // #nosec G115 -- of a test
	p.mu.Lock()
	defer p.mu.Unlock()
	control(tb, p.near, syscall.TIOCSWINSZ, unsafe.Pointer(&size)) // #nosec G103 -- as above
	p.widen(columns)
}

// Type types a text, such as \x03 for Ctrl-C.
func (p *Pseudo) Type(tb testing.TB, text string) {
	tb.Helper()
	if _, err := io.WriteString(p.near, text); err != nil {
		tb.Fatal(err)
	}
}

// Await waits until a text is on the screen, for at most a minute.
func (p *Pseudo) Await(tb testing.TB, text string) {
	tb.Helper()
	late := time.After(time.Minute)
	for !strings.Contains(p.Text(), text) {
		select {
		case <-p.more:
		case <-late:
			tb.Fatalf("%q does not come:\n%s", text, p.Text())
		}
	}
}

// Hang waits until all programs have closed the terminal, and all that they wrote is on the screen.
func (p *Pseudo) Hang(tb testing.TB) {
	tb.Helper()
	if err := p.Far.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		tb.Fatal(err)
	}
	<-p.done
}
