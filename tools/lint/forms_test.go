package lint_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

// form is an issue form, as far as this project uses them.
type form struct {
	Name, Description string
	Labels            []string
	Body              []struct {
		Type, ID   string
		Attributes struct {
			Label, Description, Value, Render string
			Options                           []string
		}
		Validations struct{ Required bool }
	}
}

// GitHub shows a form with a mistake to nobody, and says so to nobody but the next visitor.
func TestIssueFormsAreValid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(root(".github", "ISSUE_TEMPLATE", "*.yml"))
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		name := filepath.Base(file)
		if name == "config.yml" {
			continue
		}
		var f form
		strictly(t, read(t, ".github", "ISSUE_TEMPLATE", name), &f)
		require.NotEmpty(t, f.Name, name)
		require.NotEmpty(t, f.Description, name)
		require.NotEmpty(t, f.Labels, name)
		ids := make(map[string]bool)
		questions := 0
		for _, field := range f.Body {
			require.Contains(t, []string{"markdown", "textarea", "input", "dropdown"}, field.Type, name)
			if field.Type == "markdown" {
				require.NotEmpty(t, field.Attributes.Value, name)
				continue
			}
			questions++
			require.NotEmpty(t, field.Attributes.Label, name)
			require.Regexp(t, regexp.MustCompile(`^[a-z]+$`), field.ID, name)
			require.False(t, ids[field.ID], "%s: two fields are called %s", name, field.ID)
			ids[field.ID] = true
			require.Equal(t, field.Type == "dropdown", len(field.Attributes.Options) > 0, "%s: %s", name, field.ID)
		}
		require.Positive(t, questions, name)
	}
}

func TestIssuesCannotBeFiledPastTheForms(t *testing.T) {
	t.Parallel()
	var config struct {
		Blank bool                                `yaml:"blank_issues_enabled"`
		Links []struct{ Name, URL, About string } `yaml:"contact_links"`
	}
	strictly(t, read(t, ".github", "ISSUE_TEMPLATE", "config.yml"), &config)
	require.False(t, config.Blank)
	require.NotEmpty(t, config.Links)
	for _, link := range config.Links {
		require.Regexp(t, `^https://`, link.URL)
		require.NotEmpty(t, link.Name)
		require.NotEmpty(t, link.About)
	}
}
