package fetch

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/failure"
)

// Waits before retries.
const (
	// retryBase is the longest first wait; each further wait may be twice as long as the one before.
	retryBase = 100 * time.Millisecond
	// retryMax bounds every wait, even one that a server asks for with Retry-After.
	retryMax = 30 * time.Second
)

// worthRetrying reports whether another attempt may succeed and is safe to make.
func worthRetrying(r *Result, err error) bool {
	if !r.Target.Spec.Idempotent() {
		return false
	}
	if err != nil {
		return !failure.Permanent(r.ErrorCode) && crash.In(err) == nil &&
			(r.ErrorCode != failure.CodeGeneric || r.Response.Conn.RemoteIP != "")
	}
	switch r.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

// retryWait is how long to wait before the next attempt. A server may ask for a time. Otherwise it is a random part of
// a time that doubles with each attempt, so that clients do not all come back at once.
func retryWait(retry int, r *Result) time.Duration {
	if wait, ok := retryAfter(r.Response.Header().Get("Retry-After"), time.Now()); ok {
		return min(wait, retryMax)
	}
	longest := retryMax
	if retry < 8 { //nolint:mnd // 100 ms << 8 is close to the bound
		longest = min(retryBase<<retry, retryMax)
	}
	return rand.N(longest) + 1 // #nosec G404 -- jitter
}

// retryAfter reads a Retry-After header: seconds or a date (RFC 9110, section 10.2.3). A date in the past means now.
func retryAfter(value string, now time.Time) (time.Duration, bool) {
	if wait, ok := delaySeconds(value); ok {
		return wait, true
	}
	if date, err := http.ParseTime(value); err == nil {
		return max(date.Sub(now), 0), true
	}
	return 0, false
}

// delaySeconds reads decimal seconds of any size; values above retryMax are all the same. Servers also send fractions.
// Those are rounded up, because a client that comes early is refused again.
func delaySeconds(value string) (time.Duration, bool) {
	whole, fraction, hasFraction := strings.Cut(value, ".")
	if !isDigits(whole) || hasFraction && !isDigits(fraction) {
		return 0, false
	}
	seconds, _ := strconv.ParseUint(whole, 10, 64) // the largest number if the text is out of range
	wait := time.Duration(min(seconds, uint64(retryMax/time.Second))) * time.Second
	if strings.Trim(fraction, "0") != "" {
		wait += time.Second
	}
	return wait, true
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// sleep waits, and returns false if ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
