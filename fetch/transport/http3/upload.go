package http3

import (
	"time"

	"github.com/quic-go/quic-go"
)

// upload is a long body that is written on a goroutine of its own, because the response may come before its end.
type upload struct {
	done  chan struct{}
	wrote time.Time // zero if not all of it was written
}

func newUpload(str *quic.Stream, rest []byte) *upload {
	u := &upload{done: make(chan struct{})}
	go func() {
		defer close(u.done)
		if _, err := str.Write(rest); err == nil && str.Close() == nil {
			u.wrote = time.Now()
		}
	}()
	return u
}

// wroteBy returns when the body had been written, by the time that the response began: zero if it had not.
func (u *upload) wroteBy(responded time.Time) time.Time {
	const moment = time.Millisecond // for a goroutine that has just written the rest
	late := time.NewTimer(moment)
	defer late.Stop()
	select {
	case <-u.done:
		if u.wrote.After(responded) {
			return responded
		}
		return u.wrote
	case <-late.C:
		return time.Time{}
	}
}

// end ends the writing. What was written before has a moment to go out, because the request counts as sent. responded
// says that the whole response has come.
func (u *upload) end(str *quic.Stream, responded bool) {
	select {
	case <-u.done:
		return
	default:
	}
	code := codeRequestCancelled
	if responded {
		code = codeNo // the server wants no more of it (RFC 9114, section 4.1)
	}
	_ = str.SetWriteDeadline(past) // never fails
	<-u.done
	time.AfterFunc(farewell/2, func() { str.CancelWrite(quic.StreamErrorCode(code)) })
}

//nolint:gochecknoglobals // a constant
var past = time.Unix(1, 0)
