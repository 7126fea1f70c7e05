package report_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/columns"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/reporttest"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
)

// visits returns the runs of so many visits of one page. In a bubble of synctest, times are the same every time.
func visits(t *testing.T, n int) (runs []*fetch.Run) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := reporttest.NewStorefront()
		defer s.Close()
		for range n {
			runs = append(runs, s.Visit(t.Context(), reporttest.StorefrontURL))
		}
	})
	return runs
}

// visitOf returns the run of a visit of another page.
func visitOf(t *testing.T, path string, ended time.Duration) (run *fetch.Run) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := reporttest.NewStorefront()
		defer s.Close()
		ctx, cancel := context.WithTimeout(t.Context(), ended)
		defer cancel()
		run = s.Visit(ctx, reporttest.StorefrontURL+path)
	})
	return run
}

func TestTextOfAVisit(t *testing.T) {
	t.Parallel()
	runs := visits(t, 2)
	for _, c := range []struct {
		what  string
		run   *fetch.Run
		width int
		want  string
	}{
		{"bars stand where their time was", runs[0], 80, `
page home (http://shop.example/), 9 at once
  document  /                                   40.0 ms  200   *****
  style     /assets/main.8f3a2c.css             35.0 ms  200        *****
  manifest  /site.webmanifest                   5.00 ms  200                   *
  font      cdn.example/fonts/inte…latin.woff2  25.0 ms  200        ***
  script    cdn.example/js/vendor.2b7e1516.js   55.0 ms  200        *******
  script    /assets/app.28aed2a6.js             25.0 ms  200        ***
  image     /…/spring/hero-banner-large.avif    45.0 ms  200        ******
  image     /images/…/2026/spring/card-01.webp  15.0 ms  200        **
  image     /images/gone.png                    4.00 ms  failed: status 404
  media     /media/intro.mp4                    30.0 ms  200         ****
  document  /embed/map.html                     25.0 ms  200        ***
  script    metrics.example/analytics.js        80.0 ms  200        ***********
  image     /images/map.png                     12.0 ms  200            **
  script    /old/map.js                         26.0 ms  200            ****
  style     /assets/base.css                    30.0 ms  200             ****
  font      cdn.example/fonts/display.woff2     20.0 ms  200             ***
  document 40.0 ms, blocking 105 ms, load 125 ms; 17 requests, 1.1 MB; 1 failed
`},
		{"what a cache had has none", runs[1], 80, `
page home (http://shop.example/), 5 at once
  document  /                                   40.0 ms  200   *****
  style     /assets/main.8f3a2c.css                      cache
  manifest  /site.webmanifest                   5.00 ms  304                   *
  font      cdn.example/fonts/inte…latin.woff2           cache
  script    cdn.example/js/vendor.2b7e1516.js            cache
  script    /assets/app.28aed2a6.js             25.0 ms  304        ***
  image     /…/spring/hero-banner-large.avif             cache
  image     /images/…/2026/spring/card-01.webp           cache
  image     /images/gone.png                    4.00 ms  failed: status 404
  media     /media/intro.mp4                    30.0 ms  200        ****
  document  /embed/map.html                     25.0 ms  200        ***
  script    metrics.example/analytics.js        80.0 ms  200        ***********
  style     /assets/base.css                             cache
  font      cdn.example/fonts/display.woff2              cache
  image     /images/map.png                              cache
  script    /old/map.js                         26.0 ms  200            ****
  document 40.0 ms, blocking 40.0 ms, load 125 ms; 9 requests, 415 kB; 8 from
  cache, 2 validated; 1 failed
`},
		{"with more columns, more is seen of URLs, and bars are longer", runs[1], 120, `
page home (http://shop.example/), 5 at once
  document  /                                                    40.0 ms  200   *************
  style     /assets/main.8f3a2c.css                                       cache
  manifest  /site.webmanifest                                    5.00 ms  304                                         **
  font      cdn.example/fonts/inter-var-latin.woff2                       cache
  script    cdn.example/js/vendor.2b7e1516.js                             cache
  script    /assets/app.28aed2a6.js                              25.0 ms  304                ********
  image     /images/products/2026/spring/hero-banner-large.avif           cache
  image     /images/products/2026/spring/card-01.webp                     cache
  image     /images/gone.png                                     4.00 ms  failed: status 404
  media     /media/intro.mp4                                     30.0 ms  200                **********
  document  /embed/map.html                                      25.0 ms  200                ********
  script    metrics.example/analytics.js                         80.0 ms  200                **************************
  style     /assets/base.css                                              cache
  font      cdn.example/fonts/display.woff2                               cache
  image     /images/map.png                                               cache
  script    /old/map.js                                          26.0 ms  200                        ********
  document 40.0 ms, blocking 40.0 ms, load 125 ms; 9 requests, 415 kB; 8 from cache, 2 validated; 1 failed
`},
		{"with few, URLs have lines of their own", runs[1], 40, `
page home (http://shop.example/), 5 at
once
  document  /
    40.0 ms  200   *******
  style     /assets/main.8f3a2c.css
             cache
  manifest  /site.webmanifest
    5.00 ms  304                       *
  font      cdn.example/fonts/…tin.woff2
             cache
  script    cdn.example/js/ven…7e1516.js
             cache
  script    /assets/app.28aed2a6.js
    25.0 ms  304          ****
  image     /…/hero-banner-large.avif
             cache
  image     /…/2026/spring/card-01.webp
             cache
  image     /images/gone.png
    4.00 ms  failed: status 404
  media     /media/intro.mp4
    30.0 ms  200          *****
  document  /embed/map.html
    25.0 ms  200          ****
  script    metrics.example/analytics.js
    80.0 ms  200          *************
  style     /assets/base.css
             cache
  font      cdn.example/…/display.woff2
             cache
  image     /images/map.png
             cache
  script    /old/map.js
    26.0 ms  200              ****
  document 40.0 ms, blocking 40.0 ms,
  load 125 ms; 9 requests, 415 kB; 8
  from cache, 2 validated; 1 failed
`},
	} {
		text, err := report.Write("text", report.OfRun("page", c.run), report.Options{Width: c.width})
		require.NoError(t, err)
		require.Equal(t, c.want[1:], text, c.what)
		for line := range strings.Lines(text) {
			require.LessOrEqual(t, columns.Of(strings.TrimSuffix(line, "\n")), c.width, c.what)
		}
	}
}

func TestTextOfAVisitIsColoured(t *testing.T) {
	t.Parallel()
	run := visits(t, 2)[1]
	colored, err := report.Write("text", report.OfRun("page", run), report.Options{Colors: true})
	require.NoError(t, err)
	require.Regexp(t, "\n\x1b\\[31m.*/images/gone.png .*failed: status 404\x1b\\[0m\n", colored, "what failed is red")
	require.Regexp(t, "\n\x1b\\[2m.*/assets/base.css .*cache\x1b\\[0m\n", colored, "what a cache had is faint")
	require.Equal(t, report.Run("page", run), columns.Plain(colored))
}

// A page may have any number of resources. Its text has those that failed and the slowest, in their order.
func TestTextOfALongVisitIsBounded(t *testing.T) {
	t.Parallel()
	run := visitOf(t, "many?n=500", time.Hour)
	require.Equal(t, 501, run.Count)
	text := report.Run("page", run)
	require.Contains(t, text, "\n  all 5 that failed and the 20 slowest of the others, of 501 URLs\n")
	lines := regexp.MustCompile(`(?m)^  (?:image|document) +(/\S*) `).FindAllStringSubmatch(text, -1)
	require.Len(t, lines, 25)
	require.Equal(t, "/many?n=500", lines[0][1])
	at := -1
	for _, line := range lines[1:] {
		var i int
		_, err := fmt.Sscanf(line[1][strings.LastIndexByte(line[1], '/')+1:], "photo-%d.png", &i)
		require.NoError(t, err, line)
		require.Greater(t, i, at, "in the order of their discovery")
		at = i
	}
	require.Contains(t, text, "; 501 requests, ")
}

func TestURLsOfAVisitAreToldApart(t *testing.T) {
	t.Parallel()
	text := report.Run("page", visitOf(t, "alike", time.Hour))
	urls := regexp.MustCompile(`(?m)^  image +(\S+)`).FindAllStringSubmatch(text, -1)
	seen := make(map[string]bool)
	for _, url := range urls {
		require.False(t, seen[url[1]], "%s:\n%s", url[1], text)
		seen[url[1]] = true
	}
	require.Len(t, seen, 4)
	require.Contains(t, text, "…", "those that differ at their ends are cut")
}

func TestTextOfAVisitThatWasEnded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what  string
		ended time.Duration
		want  string
	}{
		{"before its document came", 10 * time.Millisecond, `
page home (http://shop.example/), 1 at once
  document  /       10.0 ms  failed: context canceled
  document 10.0 ms, blocking 10.0 ms, load 10.0 ms; 1 request, 0 B; 1 failed
`},
		{"in its midst", 41 * time.Millisecond, `
page home (http://shop.example/), 9 at once
  document  /                                   40.0 ms  200   *****************
  style     /assets/main.8f3a2c.css             1.00 ms
    failed: context canceled
  manifest  /site.webmanifest                   not run
  font      cdn.example/fonts/inte…latin.woff2  1.00 ms
    failed: context canceled
  script    cdn.example/js/vendor.2b7e1516.js   1.00 ms
    failed: context canceled
  script    /assets/app.28aed2a6.js             1.00 ms
    failed: context canceled
  image     /…/spring/hero-banner-large.avif    1.00 ms
    failed: context canceled
  image     /images/…/2026/spring/card-01.webp  1.00 ms
    failed: context canceled
  image     /images/gone.png                    1.00 ms
    failed: context canceled
  media     /media/intro.mp4                    not run
  document  /embed/map.html                     1.00 ms
    failed: context canceled
  script    metrics.example/analytics.js        1.00 ms
    failed: context canceled
  document 40.0 ms, blocking 41.0 ms, load 41.0 ms; 10 requests, 599 B; 9
  failed, 2 not run
`},
		{"before it began", 0, `
page home (http://shop.example/), 0 at once
  document  /       not run
  Nothing was fetched
  document 0, blocking 0, load 0; 0 requests, 0 B; 1 not run
`},
	} {
		require.Equal(t, c.want[1:], report.Run("page", visitOf(t, "", c.ended)), c.what)
	}
}

func TestTextOfAVisitHasItsBudget(t *testing.T) {
	t.Parallel()
	run := visits(t, 1)[0]
	checks := reporttest.Checks("run_elapsed", "<100ms")
	run.Budget = checks.JudgeRun(&budget.Run{Elapsed: run.Elapsed, Count: run.Count})
	require.Contains(t, report.Run("page", run), "\nbudgets\n  ✗ run_elapsed")
}
