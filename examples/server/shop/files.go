package shop

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/pictures"
	"github.com/xk6-fetch/xk6-fetch/examples/server/shop/typeface"
)

// files are the styles, scripts, drawings and videos of both hosts. The texts are templates: asset is the path of
// another file.
//
//go:embed files
var files embed.FS

// addFiles adds all files and fonts as assets.
func (s *Shop) addFiles() error {
	for name, create := range map[string]func() ([]byte, error){
		"letters.woff2": typeface.Letters,
		"icons.woff2":   typeface.Icons,
		"seal.svg":      pictures.Seal,
	} {
		body, err := create()
		if err != nil {
			return err
		}
		s.addAsset("cdn", name, body)
	}
	folders := make(map[string]string)
	err := fs.WalkDir(files, "files", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			folders[path.Base(file)] = path.Base(path.Dir(file))
		}
		return err
	})
	if err != nil {
		return err
	}
	for name := range folders {
		if err := s.addFile(folders, name); err != nil {
			return err
		}
	}
	return nil
}

// addFile adds a file, after those that it refers to: their names have the hash of what is in them.
func (s *Shop) addFile(folders map[string]string, name string) error {
	if s.assets[name] != nil {
		return nil
	}
	body, err := files.ReadFile(path.Join("files", folders[name], name))
	if err != nil {
		return err
	}
	if isText(name) {
		if body, err = s.expand(folders, name, string(body)); err != nil {
			return err
		}
	}
	s.addAsset(folders[name], name, body)
	return nil
}

// expand fills in the paths of other files.
func (s *Shop) expand(folders map[string]string, name, text string) ([]byte, error) {
	asset := func(other string) (string, error) {
		if err := s.addFile(folders, other); err != nil {
			return "", err
		}
		return s.assets[other].path, nil
	}
	parsed, err := template.New(name).Funcs(template.FuncMap{"asset": asset}).Parse(text)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = parsed.Execute(&out, nil)
	return out.Bytes(), err
}

// addAsset adds what has a hash in its name. It may be cached for ever, because another content has another name.
func (s *Shop) addAsset(folder, name string, body []byte) {
	sum, integrity := sha256.Sum256(body), sha512.Sum384(body)
	hash := hex.EncodeToString(sum[:4])
	extension := path.Ext(name)
	r := &resource{
		path:      "/" + folder + "/assets/" + strings.TrimSuffix(name, extension) + "." + hash + extension,
		name:      name,
		caching:   forever,
		etag:      hash,
		integrity: "sha384-" + base64.StdEncoding.EncodeToString(integrity[:]),
		body:      func() ([]byte, error) { return body, nil },
	}
	if isText(name) {
		r.packed = pack(body)
	}
	s.assets[name] = r
	s.resources[r.path] = r
}

// isText reports whether a file is a text, which is a template and is served compressed.
func isText(name string) bool {
	switch path.Ext(name) {
	case ".css", ".js", ".svg", ".vtt", ".webmanifest":
		return true
	default:
		return false
	}
}
