package pages

import (
	"maps"
	"slices"
)

// judgement is what is left of the differences of several loads.
type judgement struct {
	page      *page
	always    differences        // those that each load has
	ever      differences        // those that some load has
	requested map[string]request // by Chromium in some load
}

// take takes a load by Chromium, and its differences.
func (j *judgement) take(d differences, theirs []request) {
	if j.ever == nil {
		j.always, j.ever, j.requested = d, make(differences), make(map[string]request)
	}
	j.always = j.always.and(d)
	maps.Copy(j.ever, d)
	maps.Copy(j.requested, firsts(theirs))
}

// settled reports whether there is nothing to complain about, so that no further load can change that.
func (j *judgement) settled() bool {
	return len(j.unexpected()) == 0 && len(j.needless()) == 0 && len(j.unused()) == 0
}

// unexpected returns the differences of all loads for which there is no except.
func (j *judgement) unexpected() differences {
	left := maps.Clone(j.always)
	for _, e := range j.page.excepts {
		delete(left, e.difference())
	}
	return left
}

// needless returns the excepts that no load needs, apart from those that are needed sometimes.
func (j *judgement) needless() []except {
	return slices.DeleteFunc(slices.Clone(j.page.excepts), func(e except) bool {
		_, needed := j.ever[e.difference()]
		return needed || e.sometimes
	})
}

// unused returns the files of the page that no load has requested.
func (j *judgement) unused() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(j.page.files)), func(url string) bool {
		_, requested := j.requested[url]
		return requested
	})
}
