package shop

import (
	"fmt"
	"strings"
)

// view is what the template of a page can ask for.
type view struct {
	shop    *Shop
	cdn     string // the origin of the CDN, as the visitor sees it
	Subject any    // what the page is about: a category, a ware or nothing
}

// CDN returns the URL of a path on the CDN.
func (v *view) CDN(path string) string { return v.cdn + path }

// Asset returns the URL of a file.
func (v *view) Asset(name string) (string, error) {
	found, err := v.find(name)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(found.path, "/cdn/") {
		return v.CDN(found.path), nil
	}
	return found.path, nil
}

// Integrity returns the integrity of a file.
func (v *view) Integrity(name string) (string, error) {
	found, err := v.find(name)
	if err != nil {
		return "", err
	}
	return found.integrity, nil
}

func (v *view) find(name string) (*resource, error) {
	if found := v.shop.assets[name]; found != nil {
		return found, nil
	}
	return nil, fmt.Errorf("no file %q", name)
}

// Image returns the URL of a picture of a width.
func (v *view) Image(name string, width int) (string, error) {
	path := imagePath(name, width, ".jpg")
	if v.shop.resources[path] == nil {
		return "", fmt.Errorf("no picture %s", path)
	}
	return v.CDN(path), nil
}

// Srcset returns the URLs of a picture in several widths.
func (v *view) Srcset(name string, widths ...int) (string, error) {
	candidates := make([]string, len(widths))
	for i, width := range widths {
		url, err := v.Image(name, width)
		if err != nil {
			return "", err
		}
		candidates[i] = fmt.Sprintf("%s %dw", url, width)
	}
	return strings.Join(candidates, ", "), nil
}

// Symbol returns the URL of a symbol in the file of symbols.
func (v *view) Symbol(name string) (string, error) {
	file, err := v.Asset("icons.svg")
	return file + "#" + name, err
}
