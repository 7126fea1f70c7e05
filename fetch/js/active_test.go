package js_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// The report of a test knows when what happened, and how many VUs were active then: none in setup().
func TestReportsKnowWhatHappenedWhen(t *testing.T) {
	t.Parallel()
	srv := web.New(t)
	folder := t.TempDir()
	began := time.Now()
	out := judge(t, srv, "active", "-e", "FOLDER="+folder)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	data, err := os.ReadFile(filepath.Join(folder, "report.json"))
	require.NoError(t, err)
	var d struct {
		Begun  time.Time
		Wall   float64
		Series struct {
			Begun   time.Time
			Width   float64
			Reasons []struct{ Status int }
			Steps   struct{ Count, Failed, VUs []int }
		}
	}
	require.NoError(t, json.Unmarshal(data, &d))
	s := &d.Series
	require.WithinRange(t, s.Begun, began, d.Begun, "it begins with the first run")
	count, failed, most := 0, 0, 0
	for i := range s.Steps.Count {
		count += s.Steps.Count[i]
		failed += s.Steps.Failed[i]
		most = max(most, s.Steps.VUs[i])
	}
	require.Equal(t, 1+3*(2+2+2*2), count)
	require.Equal(t, 3, failed)
	require.Equal(t, http.StatusNotFound, s.Reasons[0].Status)
	require.Equal(t, 3, most)
	require.Zero(t, s.Steps.VUs[0], "setup() is nobody's iteration")
	require.LessOrEqual(t, float64(len(s.Steps.Count)-1)*s.Width, d.Wall+d.Begun.Sub(s.Begun).Seconds()*1e3)
}
