package js

import (
	"bytes"
	"io"
	"sync"
	"syscall"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"golang.org/x/term"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
)

// printer writes texts whole: those of several VUs stand one after another.
type printer struct {
	mu  sync.Mutex
	out io.Writer
	// onTerminal is true where k6 draws its progress below what is printed.
	onTerminal bool
}

func newPrinter(out io.Writer) *printer {
	return &printer{out: out, onTerminal: term.IsTerminal(standardOutput())}
}

// standardOutput is the descriptor of standard output, on Windows its handle.
func standardOutput() int { return int(syscall.Stdout) } //nolint:unconvert // it is no int on Windows

// write writes a text and ends its last line.
//
// On a terminal k6 leaves the cursor where its progress bars begin, and draws them again ten times a second. What they
// left behind a line of the text is erased, and so is what they left below.
func (p *printer) write(text string) error {
	data := []byte(text)
	if len(data) == 0 || data[len(data)-1] != '\n' {
		data = append(data, '\n')
	}
	if p.onTerminal {
		const toEndOfLine, toEndOfScreen = "\x1b[0K", "\x1b[0J"
		data = bytes.ReplaceAll(data, []byte("\n"), []byte(toEndOfLine+"\n"))
		data = append(data, toEndOfScreen...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.out.Write(data)
	return err
}

// print is the function print(what): it writes the text of a run, a comparison or a summary, or a text, to standard
// output.
func (mi *Instance) print(call sobek.FunctionCall) sobek.Value {
	if mi.vu.State() == nil {
		common.Throw(mi.rt, common.NewInitContextError("Using print() in the init context is not supported"))
	}
	text, err := printable(args.Field{Path: "print() argument", Value: call.Argument(0), Runtime: mi.rt})
	if err != nil {
		throwMisuse(mi.rt, err)
	}
	if err := mi.root.printer.write(text); err != nil {
		common.Throw(mi.rt, err)
	}
	return sobek.Undefined()
}

// printable is what print() writes of a value.
func printable(f args.Field) (string, error) {
	const must = "a run, a comparison, the summary of a stream, or a string"
	o, isObject := f.Value.(*sobek.Object)
	if !isObject {
		return f.Text(must)
	}
	if _, isPromise := args.GoValue[*sobek.Promise](o); isPromise {
		return "", f.Wrong(must + " (await the promise)")
	}
	method, ok := sobek.AssertFunction(o.Get("text"))
	if !ok || !args.IsPlain(o) {
		return "", f.Wrong(must)
	}
	value, err := method(o)
	if err != nil {
		return "", err
	}
	return args.Field{Path: f.Path + ".text()", Value: value, Runtime: f.Runtime}.Text("a string")
}
