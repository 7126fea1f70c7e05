package mux

import "time"

// Reply is what a round trip came to, whether it failed or not.
type Reply struct {
	// Head is that of the response, empty unless one has come. It never changes, and responses alike share it.
	*Head

	// Admitted is when the server allowed the stream. Wrote is when the request had been written. FirstByte is when the
	// first head arrived, even an interim one. Each is zero if that never happened.
	Admitted, Wrote, FirstByte time.Time
	// Sent reports whether any byte of the request was written. It is exact, also after a failure.
	Sent bool
	// Reused reports whether the connection had carried a request before.
	Reused bool
	// Untaken reports, after a failure, whether the server has not processed the request, so that it may be sent again.
	Untaken bool
	// Refused reports whether it is untaken because the server refused this stream alone.
	Refused bool
}
