package reporttest

import (
	"fmt"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/expect"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// Expected is a test in which pages are expected to say something. Some do not, and one is not answered.
func Expected() *report.Subject {
	const nasty = `<b>"` // it is shown as it is
	var e *expect.Expectation
	e = e.With(expect.Status, expect.StatusIn([][2]int{{200, 299}})).
		With(expect.Headers, expect.Header("content-type", "text/html; charset=utf-8"), expect.HeaderAbsent("x-powered-by")).
		With(expect.Body, expect.Contains("</html>"), expect.Lacks("Page not found"), expect.Contains(nasty)).
		With(expect.Certificate, expect.CertificateFor(14))
	s := NewSimulation(aggregate.DefaultLimits())
	pages := make([]Page, 60)
	for i := range pages {
		pages[i] = Page{
			Name: fmt.Sprintf("page %d", i%12), URL: fmt.Sprintf("https://shop.example/%d", i), Typical: 80 * time.Millisecond,
			Expect: e, Soft: i%12 == 5,
		}
	}
	pages[7].Fails, pages[7].Code, pages[7].Error = 100, 1212, "dial: connection refused"
	s.Keep(s.Run("concurrent", 6, pages, false))
	return s.Subject()
}

// soften makes a result one that says that there is no such page, with a status of success.
func soften(r *fetch.Result) {
	for _, check := range r.Target.Spec.Expect.Checks() {
		if check.Name == `body lacks "Page not found"` {
			r.Unmet = []expect.Unmet{{Check: check, Got: "it is there"}}
			r.State, r.Error = fetch.StateFailed, r.Unmet[0].Text()
		}
	}
}
