package fetch

import "time"

// Exchange is one HTTP request and what became of it. A target makes one, or several: redirects, answers to a
// challenge, retries.
type Exchange struct {
	Target *Target
	// Method and URL are those of this request; the URL's user info is masked.
	Method, URL string
	// Status, Proto and Conn are those of the response; Status is 0 when the exchange failed.
	Status int
	Proto  string
	Conn   *ConnInfo
	// ErrorCode and Error say what went wrong, as in Result.
	ErrorCode int
	Error     string
	// Judged tells that Expected means something: that somebody said which statuses are a success.
	Judged, Expected bool
	Reused           bool
	Timings          Timings
	// End is when the body had been read, or the exchange had failed.
	End time.Time
}

// Observer is told of what happens in a run, on the goroutine of the worker that did it. It must be safe for use by
// several, and must not keep what the pointers lead to.
type Observer interface {
	// Exchanged is called as each HTTP request ends.
	Exchanged(x *Exchange)
	// Finished is called as each target ends, after its exchanges, and told when that was. It is not called for a target
	// that was not run.
	Finished(r *Result, at time.Time)
}
