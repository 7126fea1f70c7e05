package documents_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRoomsStaySmall holds that a package has at most 20 files, tests not counted, and a struct at most 15 fields, unless
// its documentation says why it has "many fields".
func TestRoomsStaySmall(t *testing.T) {
	t.Parallel()
	const mostFiles, mostFields = 20, 15
	files, structs := make(map[string]int), 0
	err := filepath.WalkDir(filepath.Join(root(), "fetch"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files[filepath.Dir(path)]++
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for name, described := range structsOf(file) {
			structs++
			fields := described.fields
			assert.True(t, fields <= mostFields || strings.Contains(described.doc, "many fields"),
				"%s: %s has %d fields, and its documentation does not say why it has many fields", path, name, fields)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, structs, 200)
	for dir, n := range files {
		assert.LessOrEqual(t, n, mostFiles, dir)
	}
}

type describedStruct struct {
	fields int
	doc    string
}

// structsOf returns the structs that a file declares by name.
func structsOf(file *ast.File) map[string]describedStruct {
	all := make(map[string]describedStruct)
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range group.Specs {
			named, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if body, ok := named.Type.(*ast.StructType); ok {
				// A fold of the comment must not hide the words.
				doc := strings.Join(strings.Fields(group.Doc.Text()+named.Doc.Text()), " ")
				all[named.Name.Name] = describedStruct{fields: body.Fields.NumFields(), doc: doc}
			}
		}
	}
	return all
}
