package baseline

import (
	"fmt"

	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// pageTimes are the times of pages that are compared.
//
//nolint:gochecknoglobals // a constant list
var pageTimes = []aggregate.Moment{aggregate.Blocking, aggregate.Load}

// PageNames are what the times of a page are called among names: as their metrics are.
func PageNames(page string) []string {
	names := make([]string, len(pageTimes))
	for i, m := range pageTimes {
		names[i] = "page_" + m.String() + " of " + page
	}
	return names
}

// OfPage returns what is compared of a page: each of its times, as if it were that of a result. Visits without times
// were not run. The page is called as in the JSON report.
func OfPage(p *aggregate.Page, called string) []Name {
	names := make([]Name, len(pageTimes))
	for i, m := range pageTimes {
		h := &p.Times[m]
		names[i] = Name{Name: PageNames(called)[i], Rest: p.Rest, Page: true, Count: p.Visits, NotRun: p.Visits - p.Whole}
		names[i].Times[aggregate.Elapsed], names[i].elapsed = figuresOf(h), cellsOf(h)
	}
	return names
}

// pageText is what is read of a page.
type pageText struct {
	Name   *string                `json:"name"`
	Rest   bool                   `json:"rest"`
	Visits *float64               `json:"visits"`
	Whole  *float64               `json:"whole"`
	Times  map[string]*figureText `json:"times"`
}

// read returns what is compared of a page that a report has.
func (p *pageText) read(path string) ([]Name, error) {
	if p.Name == nil {
		return nil, missing(path + ".name")
	}
	var visits, whole int
	if err := readCount(path+".visits", p.Visits, &visits); err != nil {
		return nil, err
	}
	if err := readCount(path+".whole", p.Whole, &whole); err != nil {
		return nil, err
	}
	if whole > visits {
		return nil, fmt.Errorf("%s.whole must not be more than visits", path)
	}
	names := make([]Name, len(pageTimes))
	for i, m := range pageTimes {
		n := Name{Name: PageNames(*p.Name)[i], Rest: p.Rest, Page: true, Count: visits, NotRun: visits - whole}
		path := path + ".times." + m.String()
		given := p.Times[m.String()]
		if given == nil {
			return nil, missing(path)
		}
		elapsed := &n.Times[aggregate.Elapsed]
		if err := elapsed.read(path+".", given, milliseconds); err != nil {
			return nil, err
		}
		if elapsed.Count != whole {
			return nil, fmt.Errorf("%s.count must be that of whole visits", path)
		}
		var err error
		if n.elapsed, err = given.cells(path+".", whole, milliseconds); err != nil {
			return nil, err
		}
		names[i] = n
	}
	return names, nil
}
