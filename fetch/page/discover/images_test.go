package discover

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWholeNumbersAreReadAsAnyOthers(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"", "0", "7", "007", "300", "999999999", "1000000000", "12345678901234567890", "+5", "-5", "-0", "1.5", ".5", "5.", "1e3", "1_000", "0x10",
		"inf", "nan", "100%", " 5", "5 ", "٣", "5a",
	} {
		want, err := strconv.ParseFloat(value, 64)
		if number, ok := whole(value); ok {
			assert.NoError(t, err, value)
			assert.InDelta(t, want, number, 0, value)
		}
	}
	for _, test := range []struct {
		value string
		want  float64
	}{{"300", 300}, {" 300px ", 300}, {"1.5", 1.5}, {"1234567890", 1234567890}, {"1e3", 1000}} {
		number, ok := dimension(test.value)
		assert.True(t, ok, test.value)
		assert.InDelta(t, test.want, number, 0, test.value)
	}
	for _, value := range []string{"", "px", "-1", "100%", "auto"} {
		_, ok := dimension(value)
		assert.False(t, ok, value)
	}
}
