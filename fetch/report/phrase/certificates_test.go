package phrase_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/aggregate"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/phrase"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/certificate"
)

func TestDaysLeftInWords(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{
		90: "90 days left", 1: "1 day left", 0: "less than a day left", -1: "expired 1 day before",
		-30: "expired 30 days before", 2_912_442: "2,912,442 days left",
	} {
		require.Equal(t, want, phrase.DaysLeft(days))
	}
}

func TestExpiring(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what           string
		lifetime, left int
		expiring       bool
	}{
		{"a year, and two weeks left", 365, 14, false},
		{"a year, and less than two weeks left", 365, 13, true},
		{"three months, and a month left", 90, 30, false},
		{"a week, and half of it left", 7, 3, false},
		{"a week, and a day left", 7, 1, true},
		{"expired", 365, -1, true},
		{"a week, and expired", 7, -1, true},
	} {
		info := &certificate.Info{NotBefore: began, NotAfter: began.AddDate(0, 0, c.lifetime)}
		require.Equal(t, c.expiring, phrase.Expiring(info, c.left), c.what)
	}
}

// A target without TLS was answered, so it has no certificate, which is not the same as no answer.
func TestBrokenBudgetsWithoutACertificate(t *testing.T) {
	t.Parallel()
	check, err := budget.CertificateDays.Limit(14)
	require.NoError(t, err)
	for _, c := range []struct {
		what   string
		budget aggregate.Budget
		want   string
	}{
		{"one", aggregate.Budget{Broken: 1, Unanswered: 1}, "no certificate"},
		{
			"some",
			aggregate.Budget{Passed: 3, Broken: 2, Unanswered: 2, HasWorst: true, Worst: 80},
			"2 of 5 broken, worst 80, 2 without a certificate",
		},
		{"all", aggregate.Budget{Broken: 2, Unanswered: 2}, "2 of 2 broken, 2 without a certificate"},
	} {
		c.budget.Check = *check
		require.Equal(t, c.want, phrase.BudgetOutcome(&c.budget), c.what)
	}
}
