package report_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
)

// harVisit is what viewers read of an archive of visits.
type harVisit struct {
	Log struct {
		Pages []struct {
			ID, Title       string
			StartedDateTime time.Time
			PageTimings     struct{ OnContentLoad, OnLoad *float64 }
		}
		Entries []harVisitEntry
	}
}

type harVisitEntry struct {
	Pageref         string
	StartedDateTime time.Time
	Request         struct{ URL string }
	Response        struct {
		Status, BodySize int
		Content          struct{ Size int }
	}
	Cache struct {
		BeforeRequest *struct {
			LastAccess time.Time
			ETag       string
			HitCount   int
		}
	}
	Type      *string `json:"_resourceType"`
	Priority  *string `json:"_priority"`
	FromCache *string `json:"_fromCache"`
	Initiator *struct{ Type, URL string }
}

func (e *harVisitEntry) UnmarshalJSON(data []byte) error {
	type plain harVisitEntry
	own := struct {
		*plain

		Initiator *struct{ Type, URL string } `json:"_initiator"`
	}{plain: (*plain)(e)}
	err := json.Unmarshal(data, &own)
	e.Initiator = own.Initiator
	return err
}

func harVisitOf(t *testing.T, about *report.Subject) *harVisit {
	t.Helper()
	var har harVisit
	require.NoError(t, json.Unmarshal([]byte(write(t, "har", about)), &har))
	return &har
}

// entry is that of a path.
func (h *harVisit) entry(t *testing.T, path string) *harVisitEntry {
	t.Helper()
	for i := range h.Log.Entries {
		if e := &h.Log.Entries[i]; strings.HasSuffix(e.Request.URL, path) {
			return e
		}
	}
	require.Fail(t, "no entry of "+path)
	return nil
}

func TestHARHasTheTimesOfAVisit(t *testing.T) {
	t.Parallel()
	run := visits(t, 2)[1]
	har := harVisitOf(t, report.OfRun("page", run))
	require.Len(t, har.Log.Pages, 1)
	page := har.Log.Pages[0]
	require.Equal(t, "home", page.Title)
	require.InDelta(t, 40, *page.PageTimings.OnContentLoad, 0.1, "when what blocks it had come")
	require.InDelta(t, 125, *page.PageTimings.OnLoad, 0.1)
	require.True(t, slices.IsSortedFunc(har.Log.Entries, func(a, b harVisitEntry) int {
		require.Equal(t, page.ID, a.Pageref)
		return a.StartedDateTime.Compare(b.StartedDateTime)
	}), "viewers draw entries in their order")
	require.True(t, har.Log.Entries[0].StartedDateTime.Equal(page.StartedDateTime))
	require.Len(t, har.Log.Entries, run.Count+1, "each resource, and a redirect")

	cut := harVisitOf(t, report.OfRun("page", visitOf(t, "", 41*time.Millisecond))).Log.Pages[0]
	require.InDelta(t, -1, *cut.PageTimings.OnContentLoad, 0, "a visit that was ended has no times")
	require.InDelta(t, -1, *cut.PageTimings.OnLoad, 0)
}

// Entries have what Chromium's developer tools export.
func TestHARHasTheResourcesOfAVisit(t *testing.T) {
	t.Parallel()
	run := visits(t, 2)[1]
	all := harVisitOf(t, report.OfRun("page", run))
	c := aggregate.New(aggregate.DefaultLimits())
	c.Ended("page", run)
	kept := harVisitOf(t, report.OfSummary(c.Summary()))
	require.Equal(t, "home: slowest, most failures, last", kept.Log.Pages[0].Title)
	const home, css, frame = "http://shop.example/", "http://shop.example/assets/main.8f3a2c.css", "http://shop.example/embed/map.html"
	for _, c := range []struct{ what, path, kind, priority, initiator string }{
		{"nothing refers to the page", "shop.example/", "document", "VeryHigh", ""},
		{"a stylesheet has another name", "/assets/main.8f3a2c.css", "stylesheet", "VeryHigh", home},
		{"HTML refers to scripts", "/assets/app.28aed2a6.js", "script", "Low", home},
		{"stylesheets do to others", "/assets/base.css", "stylesheet", "VeryHigh", css},
		{"and to fonts", "/fonts/display.woff2", "font", "VeryHigh", css},
		{"frames are documents", "/embed/map.html", "document", "VeryHigh", home},
		{"and refer to resources", "/images/map.png", "image", "Medium", frame},
		{"a redirect has what its target has", "/old/map.js", "script", "Medium", frame},
		{"and so has where it leads", "/assets/map.js", "script", "Medium", frame},
		{"manifests are called so", "/site.webmanifest", "manifest", "Medium", home},
		{"and so are audio and video", "/media/intro.mp4", "media", "Low", home},
	} {
		for _, har := range []*harVisit{all, kept} {
			if har == kept && c.path == "/old/map.js" {
				continue // of a run that is one of many, the last requests are kept
			}
			e := har.entry(t, c.path)
			require.Equal(t, c.kind, *e.Type, c.what)
			require.Equal(t, c.priority, *e.Priority, c.what)
			if c.initiator == "" {
				require.Equal(t, "other", e.Initiator.Type, c.what)
			} else {
				require.Equal(t, "parser", e.Initiator.Type, c.what)
			}
			require.Equal(t, c.initiator, e.Initiator.URL, c.what)
		}
	}
}

func TestHARSaysWhatCameFromACache(t *testing.T) {
	t.Parallel()
	har := harVisitOf(t, report.OfRun("page", visits(t, 2)[1]))
	hits := 0
	for i := range har.Log.Entries {
		if har.Log.Entries[i].FromCache != nil {
			hits++
		}
	}
	require.Equal(t, 8, hits)
	hit := har.entry(t, "/images/map.png")
	require.Equal(t, "memory", *hit.FromCache)
	require.Equal(t, []int{200, 0, 8000}, []int{hit.Response.Status, hit.Response.BodySize, hit.Response.Content.Size})
	require.Equal(t, `"1"`, hit.Cache.BeforeRequest.ETag)
	require.Equal(t, 1, hit.Cache.BeforeRequest.HitCount)
	require.True(t, hit.Cache.BeforeRequest.LastAccess.Equal(hit.StartedDateTime))
	for _, path := range []string{"/site.webmanifest", "/media/intro.mp4"} {
		other := har.entry(t, path)
		require.Nil(t, other.FromCache, path)
		require.Nil(t, other.Cache.BeforeRequest, path)
	}
	require.Equal(t, 304, har.entry(t, "/site.webmanifest").Response.Status, "what was validated was requested")
}

func TestHAROfOtherRunsHasNoResources(t *testing.T) {
	t.Parallel()
	text := write(t, "har", report.OfRun("concurrent", realRun(t)))
	for _, key := range []string{"_resourceType", "_initiator", "_priority", "_fromCache", "beforeRequest", "onLoad"} {
		require.NotContains(t, text, key)
	}
}

// An archive of a visit is a list of targets: of all that the page needed, in the order of their starts.
func TestHAROfAVisitIsAList(t *testing.T) {
	t.Parallel()
	run := visits(t, 2)[1]
	list, err := lists.HAR(lists.Bytes("visit.har", []byte(write(t, "har", report.OfRun("page", run)))), lists.Fail)
	require.NoError(t, err)
	var urls []string
	for _, e := range list.All(func(err error) { require.NoError(t, err) }) {
		urls = append(urls, e.URL)
	}
	require.Len(t, urls, run.Count+1)
	require.Equal(t, []string{"http://shop.example/", "http://shop.example/assets/main.8f3a2c.css"}, urls[:2])
	require.Contains(t, urls, "http://cdn.example/fonts/display.woff2", "what came from a cache is among them")
}
