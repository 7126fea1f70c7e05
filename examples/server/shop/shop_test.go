package shop

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The shop is the same in each process, so that visits of different days can be compared.
func TestTheShopIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	one, err := build()
	require.NoError(t, err)
	other, err := build()
	require.NoError(t, err)
	require.Len(t, other.resources, len(one.resources))
	for path := range one.resources {
		require.NotNil(t, other.resources[path], path)
	}
	const picture = "/cdn/images/joe-200.jpg"
	first, err := one.resources[picture].body()
	require.NoError(t, err)
	second, err := other.resources[picture].body()
	require.NoError(t, err)
	require.Equal(t, first, second)
}

// Draw draws all that the front page shows, and nothing that only other pages do.
func TestDraw(t *testing.T) {
	t.Parallel()
	s, err := build()
	require.NoError(t, err)
	drawn := make(map[string]bool)
	for path, r := range s.resources {
		r.body = func() ([]byte, error) { drawn[path] = true; return nil, nil }
	}
	s.Draw()
	for _, path := range []string{
		"/cdn/images/hero-1536.jpg", "/cdn/images/mire-320.jpg", "/cdn/images/map-1-2.png", "/cdn/images/seal-96.png",
	} {
		require.True(t, drawn[path], path)
	}
	require.False(t, drawn["/cdn/images/mire-near-960.jpg"])
	require.Less(t, len(drawn), 60)
}

func TestViewsRefuseWhatIsNotThere(t *testing.T) {
	t.Parallel()
	v := &view{shop: Open()}
	calls := map[string]func() (string, error){
		"a file":        func() (string, error) { return v.Asset("none.css") },
		"its integrity": func() (string, error) { return v.Integrity("none.css") },
		"a picture":     func() (string, error) { return v.Image("mire", 321) },
		"some pictures": func() (string, error) { return v.Srcset("mire", 320, 321) },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := call()
			require.ErrorContains(t, err, "no ")
		})
	}
	_, err := (&Shop{assets: map[string]*resource{}, resources: map[string]*resource{}}).expand(
		map[string]string{}, "x.css", `{{asset "none.css"}}`)
	require.Error(t, err, "a file that names one that is not there")
}
