package js

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/lib/fsext"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/lists"
)

// lines is lines(path, { onError }).
func (mi *Instance) lines(call sobek.FunctionCall) sobek.Value {
	return mi.openList("lines", call, nil, func(f lists.File, o *listOptions) (*lists.List, error) {
		return lists.Lines(f, o.onError)
	})
}

// har is har(path, { pace, onError }).
func (mi *Instance) har(call sobek.FunctionCall) sobek.Value {
	return mi.openList("har", call, harOptionNames, func(f lists.File, o *listOptions) (*lists.List, error) {
		if o.pace > 0 {
			return lists.PacedHAR(f, o.pace, o.onError)
		}
		return lists.HAR(f, o.onError)
	})
}

// csv is csv(path, { url, method, name, body, headers, delimiter, comment, onError }).
func (mi *Instance) csv(call sobek.FunctionCall) sobek.Value {
	return mi.openList("csv", call, csvOptionNames, func(f lists.File, o *listOptions) (*lists.List, error) {
		return lists.CSV(f, &o.columns, o.onError)
	})
}

// sitemap is sitemap(path, { onError }), and sitemap(url, { onError }), which is a promise.
func (mi *Instance) sitemap(call sobek.FunctionCall) sobek.Value {
	if v := call.Argument(0); sobek.IsString(v) && isHTTP(v.String()) {
		address := v.String()
		return mi.fetchSitemap(address, call)
	}
	return mi.openList("sitemap", call, nil, func(f lists.File, o *listOptions) (*lists.List, error) {
		return lists.Sitemap(f, mi.beside(f.Name), o.onError)
	})
}

func isHTTP(address string) bool {
	scheme, _, ok := strings.Cut(address, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// beside returns the function that finds the files that a sitemap index in a file leads to: they are beside it.
func (mi *Instance) beside(index string) func(loc string) (lists.File, error) {
	return func(loc string) (lists.File, error) {
		u, err := url.Parse(loc)
		if err != nil {
			return lists.File{}, errors.New("a URL cannot be parsed")
		}
		name := path.Join(path.Dir(index), path.Base(u.Path))
		f, err := mi.file(name)
		if err != nil {
			return f, fmt.Errorf("of the sitemaps that it leads to, %w", err)
		}
		return f, nil
	}
}

// listOptions are the options of functions that open lists.
type listOptions struct {
	onError lists.OnError
	columns lists.Columns
	pace    float64 // 0: none
}

const paceOption = "pace"

//nolint:gochecknoglobals // constant lists
var (
	listOptionNames = []string{"onError"}
	harOptionNames  = []string{paceOption}
	csvOptionNames  = []string{"body", "comment", "delimiter", "headers", "method", "name", "url"}
)

// openList opens a list from a file, once for all VUs.
func (mi *Instance) openList(
	function string, call sobek.FunctionCall, names []string,
	open func(f lists.File, o *listOptions) (*lists.List, error),
) sobek.Value {
	if mi.vu.State() != nil {
		common.Throw(mi.rt, common.NewInitContextError(fmt.Sprintf(
			"Using %s() outside the init context is not supported: it opens a file", function)))
	}
	f := args.Field{Path: function + " path", Value: call.Argument(0), Runtime: mi.rt}
	name, err := f.Text("the path of a file")
	if name = strings.TrimPrefix(name, "file://"); err != nil || name == "" {
		throwMisuse(mi.rt, f.Wrong("the path of a file"))
	}
	o, err := mi.listOptions(function, call.Argument(1), names)
	if err != nil {
		throwMisuse(mi.rt, err)
	}
	key := fmt.Sprintf("%s %s %+v", function, mi.absolute(name), *o)
	list, err := mi.root.lists.open(key, func() (*lists.List, error) {
		f, err := mi.file(name)
		if err != nil {
			return nil, err
		}
		return open(f, o)
	})
	if err != nil {
		panic(mi.newError(fmt.Sprintf("%s(): %s", function, err)))
	}
	return mi.newList(list)
}

func (mi *Instance) absolute(name string) string {
	return fsext.Abs(mi.vu.InitEnv().CWD.Path, name)
}

// file is a file in k6's file system, which notes that it is to be in the archive.
func (mi *Instance) file(name string) (lists.File, error) {
	files, where := mi.vu.InitEnv().FileSystems["file"], mi.absolute(name)
	switch exists, err := fsext.Exists(files, where); {
	case errors.Is(err, fsext.ErrPathNeverRequestedBefore):
		return lists.File{}, fmt.Errorf("%s: it must be opened by all VUs, whatever __VU is", name)
	case err != nil:
		return lists.File{}, fmt.Errorf("%s: %w", name, err)
	case !exists:
		return lists.File{}, fmt.Errorf("%s: there is no such file", name)
	}
	if isDir, err := fsext.IsDir(files, where); err == nil && isDir {
		return lists.File{}, fmt.Errorf("%s: it is a directory", name)
	}
	return lists.File{Name: name, Open: func() (io.ReadSeekCloser, error) { return files.Open(where) }}, nil
}

// listOptions reads the options of a function that opens a list.
func (mi *Instance) listOptions(function string, value sobek.Value, names []string) (*listOptions, error) {
	o := &listOptions{columns: lists.Columns{URL: "url", Comma: ','}}
	f := args.Field{Path: function + " options", Value: value, Runtime: mi.rt}
	if !f.Given() {
		return o, nil
	}
	reader := args.ColumnReader{Columns: &o.columns}
	err := f.Each("an object of options", func(key string, option args.Field) (err error) {
		switch {
		case key == "onError":
			var which int
			which, err = option.OneOf("fail", "skip")
			o.onError = lists.OnError(which) // #nosec G115 -- one of two
		case key == paceOption && slices.Contains(names, key):
			o.pace, err = option.Pace()
		case slices.Contains(names, key):
			err = reader.Set(key, option)
		default:
			err = args.Unknown(option, "an option", listOptionNames, names)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := reader.Finish(f.Path); err != nil {
		return nil, err
	}
	return o, nil
}
