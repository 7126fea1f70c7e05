package transport

import (
	"context"
	"errors"
	"net/http"
)

// errStray says that net/http closed the connection for the end of another request.
var errStray = errors.New("connection lost: the request before it on the connection was cut off")

// maxStrays is how often a request is made again for the ends of others. Each takes another one that was cut off in a
// moment of microseconds; what happens more often is something else.
const maxStrays = 8

// overNetHTTP makes a request with net/http's transport.
//
// net/http gives a connection of HTTP/1.1 to the next request before the one before has taken its response. If that is
// cut off in between, or runs out of time, net/http closes the connection under the next request, and hands that the
// other's end as its error. Such a request is made again, as after a connection that turned out to be closed: freely if
// nothing of it went out, and else once if it is replayable.
func (a *attempt) overNetHTTP(req *http.Request) (*http.Response, error) {
	req = a.traced(req)
	for strays := 0; ; strays++ {
		resp, err := a.client.transport.RoundTrip(req)
		if err == nil || !a.strayed(req, err) {
			return resp, err
		}
		marks := a.hop.marks
		again := !marks.sent() || marks.resent() == 0 && isReplayable(req.Method, req.Header)
		if !again || strays == maxStrays {
			return nil, errStray
		}
		if req, err = rewound(req); err != nil {
			return nil, err
		}
	}
}

// strayed reports whether an error is the end of a context that is not the request's, on a connection that it had got.
func (a *attempt) strayed(req *http.Request, err error) bool {
	ended := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	return ended && req.Context().Err() == nil && a.hop.marks.gotMetered()
}

// rewound returns a request whose body, of which some may have been read, begins anew.
func rewound(req *http.Request) (*http.Request, error) {
	if req.GetBody == nil {
		return req, nil
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, err
	}
	again := *req
	again.Body = body
	return &again, nil
}
