package reporttest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// Compared returns reports with their baselines, by name.
func Compared() map[string]func() (*report.Subject, *baseline.Report) {
	return map[string]func() (*report.Subject, *baseline.Report){
		"slower": Slower, "still": Still, "nasty-slower": NastySlower, "refusing": Refusing, "healed": Healed,
		"uncompared": Uncompared, "all-at-once": AllAtOnce, "slower-page": SlowerPage,
	}
}

// repeated runs pages several times, with luck as the seed of its randomness.
func repeated(times int, luck uint64, pages []Page) *Simulation {
	s := NewSimulation(aggregate.DefaultLimits())
	s.random = rand.New(rand.NewPCG(luck, 15)) // #nosec G404 -- made up
	for range times {
		line := s.Run("concurrent", 12, pages, false)
		if len(s.lines) == 0 {
			s.Keep(line)
		}
	}
	return s
}

// asBaseline reads the JSON report as a baseline.
func asBaseline(title string, s *Simulation) *baseline.Report {
	text, err := report.Write("json", s.Subject(), report.Options{Title: title})
	if err != nil {
		panic(err)
	}
	read, err := baseline.Read([]byte(text))
	if err != nil {
		panic(err)
	}
	return read
}

// Slower is a shop in which some pages are slower than in the baseline, and one is faster. One is new, one is missing,
// and two have too few results.
func Slower() (*report.Subject, *baseline.Report) {
	const often = 40
	pages := shopPages()
	pages = append(pages, pages[9], pages[9], pages[9])
	then := repeated(often, 1, append(pages, Page{Name: "old", URL: "https://shop.example/old", Typical: time.Second}))
	rare := Page{Name: "rare", URL: "https://shop.example/rare", Typical: 100 * time.Millisecond}
	then.Run("concurrent", 1, append(pages[:0:0], rare), false)

	pages[0].Typical /= 3 // home
	pages[2].Typical *= 2 // product
	pages[3].Typical *= 3 // cart, which fails, too
	for _, i := range []int{9, len(pages) - 1, len(pages) - 2, len(pages) - 3} {
		pages[i].Stalls = 40 // images/hero.avif
	}
	pages[20].Typical *= 100 // item 10
	pages = append(pages, Page{Name: "checkout", URL: "https://shop.example/checkout", Typical: 300 * time.Millisecond})
	now := repeated(often, 2, pages)
	now.Run("concurrent", 1, append(pages[:0:0], rare), false)
	return now.Subject(), asBaseline("Main branch", then)
}

// Still is a shop in which nothing got slower or faster.
func Still() (*report.Subject, *baseline.Report) {
	pages := shopPages()[4:6]
	return repeated(10, 4, pages).Subject(), asBaseline("Last night", repeated(10, 3, pages))
}

// NastySlower is full of texts that would break a report. All of them are slower than in the baseline, which has such
// texts as well.
func NastySlower() (*report.Subject, *baseline.Report) {
	pages := func(typical time.Duration) []Page {
		texts := append(NastyTexts(), fmt.Sprint("only at ", typical))
		all := make([]Page, len(texts))
		for i, text := range texts {
			all[i] = Page{Name: text, URL: fmt.Sprintf("https://a.example/%d", i), Typical: typical}
		}
		return all
	}
	const often = 12
	then := repeated(often, 5, pages(100*time.Millisecond))
	return repeated(often, 6, pages(time.Second)).Subject(), asBaseline("<b>| `then`\x1b[31m", then)
}

// Refusing is a page that answered in the baseline, and now fails immediately.
func Refusing() (*report.Subject, *baseline.Report) {
	const often = 20
	page := Page{Name: "home", URL: "https://shop.example/", Typical: 300 * time.Millisecond}
	then := repeated(often, 7, []Page{page})
	page.Typical, page.Fails, page.Status, page.Code = time.Millisecond, 100, 503, 1503
	return repeated(often, 8, []Page{page}).Subject(), asBaseline("Main branch", then)
}

// Healed is a test in which one page answers again, one has larger answers and one smaller ones.
func Healed() (*report.Subject, *baseline.Report) {
	const often, small, large = 20, 10_000, 40_000
	home := Page{Name: "home", URL: "https://shop.example/", Typical: 300 * time.Millisecond}
	home.Fails, home.Code, home.Status = 100, 1404, 404
	grows := Page{Name: "page", URL: "https://shop.example/page", Typical: 300 * time.Millisecond, Bytes: small}
	shrinks := Page{Name: "image", URL: "https://shop.example/image", Typical: 300 * time.Millisecond, Bytes: large}
	stays := Page{Name: "script", URL: "https://shop.example/script", Typical: 300 * time.Millisecond, Bytes: small}
	then := repeated(often, 9, []Page{home, grows, shrinks, stays})
	home.Fails, grows.Bytes, shrinks.Bytes = 0, large, small
	return repeated(often, 10, []Page{home, grows, shrinks, stays}).Subject(), asBaseline("Main branch", then)
}

// Uncompared is a long list, fetched once, of which only a few names have enough results to be compared.
func Uncompared() (*report.Subject, *baseline.Report) {
	const names, some, often = 600, 12, 20
	pages := make([]Page, 0, names+some*often)
	for i := range names {
		url := fmt.Sprintf("https://shop.example/articles/%d", i)
		page := Page{URL: url, Typical: 100 * time.Millisecond}
		pages = append(pages, page)
		for range often {
			if i < some {
				pages = append(pages, page)
			}
		}
	}
	return repeated(1, 11, pages).Subject(), asBaseline("Main branch", repeated(1, 12, pages))
}

// AllAtOnce is a test with a name for each way to fail, and one for several ways at once, against budgets and a
// baseline.
func AllAtOnce() (*report.Subject, *baseline.Report) {
	const often, large = 20, 300_000
	each := Checks("elapsed", "<=250", "bytes", "<=100000")
	named := func(name string, typical time.Duration) Page {
		return Page{Name: name, URL: "https://shop.example/" + name, Typical: typical, Budget: each, Bytes: 1000}
	}
	const quick, slow = 50 * time.Millisecond, 900 * time.Millisecond
	pages := []Page{
		named("kept", quick), named("over", slow), named("over at times", quick), named("over twice", slow),
		named("failed", quick), named("refused", quick), named("slower", quick), named("everything", slow),
		named("never run", 0),
	}
	pages[3].Bytes = large
	then := slices.Clone(pages)
	then[6].Typical, then[7].Typical = quick/10, quick
	pages[2].Stalls = 15
	pages[4].Fails, pages[4].Status, pages[4].Code, pages[4].Budget = 100, 404, 1404, nil
	pages[5].Fails, pages[5].Code, pages[5].Error = 100, 1212, "dial: connection refused"
	pages[6].Budget = nil
	pages[7].Fails, pages[7].Status, pages[7].Code = 20, 404, 1404
	then[4], then[5], then[8].NotRun, pages[8].NotRun = pages[4], pages[5], true, true
	s := repeated(often, 13, pages)
	s.Budget = Checks("failed", "0")
	s.Run("concurrent", 1, append(pages[:0:0], pages[5]), false)
	return s.Subject(), asBaseline("Main branch", repeated(often, 14, then))
}
