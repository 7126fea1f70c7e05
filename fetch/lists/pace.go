package lists

import (
	"encoding/json"
	"math"
	"time"
)

// Paced reports whether entries have starts.
func (l *List) Paced() bool { return l.contents.pace > 0 }

// Anew returns the same entries, with starts that are measured from that of the first of them. Other parts of a list
// keep the starts that their entries have in the whole, so that several who fetch its parts replay it together.
func (l *List) Anew() *List {
	anew := *l
	if l.Len() > 0 {
		anew.first = l.at(0)
	}
	return &anew
}

// begin reads when the entry was recorded from whose start those of all are measured.
func (r *Reader) begin() error {
	if err := r.readAt(r.list.first); err != nil {
		return err
	}
	r.begun = r.entry.recorded
	return nil
}

// scaled is a time of the recording at the pace of the list.
func (c *contents) scaled(d time.Duration) time.Duration {
	if scaled := float64(d) / c.pace; scaled < math.MaxInt64 {
		return time.Duration(scaled)
	}
	return math.MaxInt64 // longer than anything lasts
}

// moment is when an entry was recorded, or what is wrong with that.
type moment struct {
	at    time.Duration // since 1970
	wrong string
}

// noMoment is a text that is no date, or one that a time.Duration cannot hold. Recorders write the year 1 for a time
// that they do not know.
//
//nolint:gochecknoglobals // a constant
var noMoment = moment{wrong: "startedDateTime is no date with a time, from 1970 to 2261"}

// read gives an entry its time, and returns what is wrong, nil if nothing is.
func (m *moment) read(to *Entry) *MalformedError {
	to.recorded = m.at
	if m.wrong != "" {
		return &MalformedError{Reason: m.wrong}
	}
	return nil
}

// momentOf reads a date of ISO 8601 as JSON. Some recorders write its zone without a colon. One without a zone is in
// UTC, because only the time between entries matters.
func momentOf(text []byte) moment {
	var date string
	if json.Unmarshal(text, &date) != nil {
		return noMoment
	}
	const local = "2006-01-02T15:04:05" // fractions of seconds are read, too
	for _, layout := range []string{local + "Z07:00", local + "Z0700", local + "Z07", local} {
		at, err := time.Parse(layout, date)
		if err != nil {
			continue
		}
		if year := at.UTC().Year(); year < 1970 || year > 2261 {
			break
		}
		return moment{at: time.Duration(at.UnixNano())}
	}
	return noMoment
}
