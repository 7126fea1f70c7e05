package report

import (
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
)

// Visits of pages, in JSON. All of this is absent where no page was visited.
type (
	// visitRecord is one visit, with its times from the start of the run.
	visitRecord struct {
		Name      string  `json:"name"`
		URL       string  `json:"url"`
		Whole     bool    `json:"whole"`
		Document  float64 `json:"document"`
		Blocking  float64 `json:"blocking"`
		Load      float64 `json:"load"`
		Hits      int     `json:"hits"`
		Validated int     `json:"validated"`
		Misses    int     `json:"misses"`
	}
	// resourceRecord is what a result is to its page, as scripts see it.
	resourceRecord struct {
		Type      string           `json:"type"`
		Initiator *initiatorRecord `json:"initiator"`
		Priority  string           `json:"priority"`
		Blocking  bool             `json:"blocking"`
		FromCache bool             `json:"fromCache"`
	}
	initiatorRecord struct {
		Index   int    `json:"index"`
		Element string `json:"element"`
		URL     string `json:"url"`
	}
	// pageRecord is all visits of a page together.
	pageRecord struct {
		Name      string          `json:"name"`
		Rest      bool            `json:"rest,omitempty"`
		Visits    int             `json:"visits"`
		Whole     int             `json:"whole"`
		Hits      int             `json:"hits"`
		Validated int             `json:"validated"`
		Misses    int             `json:"misses"`
		Times     map[string]dist `json:"times"`
	}
	typeRecord struct {
		Type      string `json:"type"`
		Count     int    `json:"count"`
		Ok        int    `json:"ok"`
		Failed    int    `json:"failed"`
		NotRun    int    `json:"notRun"`
		FromCache int    `json:"fromCache"`
		Requests  int    `json:"requests"`
		Bytes     int64  `json:"bytes"`
	}
)

func visitRecordOf(v *aggregate.Visit) *visitRecord {
	if v == nil {
		return nil
	}
	return &visitRecord{
		phrase.Clean(v.Name), phrase.Clean(v.URL), v.Whole, phrase.Millis(v.Document), phrase.Millis(v.Blocking),
		phrase.Millis(v.Load), v.Hits, v.Validated, v.Misses,
	}
}

func resourceRecordOf(s *aggregate.Sample) *resourceRecord {
	about := s.Resource
	if about == nil {
		return nil
	}
	record := &resourceRecord{about.Type, nil, about.Priority, about.Blocking, s.FromCache}
	if about.Initiator >= 0 {
		record.Initiator = &initiatorRecord{about.Initiator, phrase.Clean(about.Element), phrase.Clean(about.InitiatorURL)}
	}
	return record
}

// pageRecords are those of pages, with or without the buckets of their times.
func pageRecords(pages []*aggregate.Page, buckets bool) []pageRecord {
	records := make([]pageRecord, len(pages))
	for i, p := range pages {
		records[i] = pageRecord{
			phrase.Clean(p.Name), p.Rest, p.Visits, p.Whole, p.Hits, p.Validated, p.Misses,
			make(map[string]dist, aggregate.Moments),
		}
		for m := range p.Times {
			records[i].Times[aggregate.Moment(m).String()] = distribution(&p.Times[m], buckets)
		}
	}
	return records
}

func typeRecords(types []aggregate.Type) []typeRecord {
	records := make([]typeRecord, len(types))
	for i := range types {
		t := &types[i]
		records[i] = typeRecord{t.Type, t.Count, t.Ok, t.Failed, t.NotRun, t.Hits, t.Requests, t.Bytes}
	}
	return records
}
