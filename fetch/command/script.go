package command

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
)

// scriptText returns a script that does what the command line says. Passwords are in it as they are in the command
// line.
func (p *plan) scriptText() (string, error) {
	if err := p.checkScript(); err != nil {
		return "", err
	}
	w := &scriptWriter{plan: p, imports: map[string]bool{string(p.mode): true}}
	targets := w.targets()
	call := w.call(targets)
	summary := w.summary()
	var all strings.Builder
	all.WriteString("// What k6 x fetch does, as a script: ./k6 run load.js\n\n")
	fmt.Fprintf(&all, "import { %s } from 'k6/x/fetch';\n\n", strings.Join(w.imported(), ", "))
	all.WriteString(w.constants.String())
	all.WriteString("export const options = " + literal.Script(w.k6Options(), "") + ";\n\n")
	all.WriteString(w.functions.String())
	all.WriteString("export default async function () {\n" + call + "}\n")
	all.WriteString(summary)
	return all.String(), nil
}

// checkScript says what scripts cannot do.
func (p *plan) checkScript() error {
	switch {
	case p.json:
		return errors.New("--json and --script cannot be given together: a script writes JSON with --report json=FILE")
	case p.user != nil && len(p.sources) > 0:
		return errors.New("--user with --auth digest or ntlm has no script for lists: write name:password@ into their URLs")
	}
	return nil
}

// scriptWriter writes the parts of a script, and notes what they need.
type scriptWriter struct {
	*plan

	imports              map[string]bool
	constants, functions strings.Builder
}

// imported are the names that the script imports, in their order.
func (w *scriptWriter) imported() []string {
	if w.baseURL() != nil { // whose methods the verbs are
		delete(w.imports, string(w.mode))
		w.imports["Client"] = true
	}
	names := make([]string, 0, len(w.imports))
	for name := range w.imports {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// baseURL is what relative URLs are resolved against, nil if nothing is.
func (p *plan) baseURL() literal.Value {
	for _, o := range p.options {
		if text, ok := o.value.(string); ok && o.name == "baseURL" {
			return p.withUser(text)
		}
	}
	return nil
}

// constant writes a constant of the init context, and returns its name.
func (w *scriptWriter) constant(name string, v literal.Value) literal.Code {
	fmt.Fprintf(&w.constants, "const %s = %s;\n", name, literal.Script(v, ""))
	return literal.Code(name)
}

// targets returns an expression for all targets. A sitemap of the network is fetched in the iteration.
func (w *scriptWriter) targets() literal.Value {
	var parts []string
	if len(w.urls) > 0 {
		all := make(literal.List, len(w.urls))
		for i, u := range w.urls {
			all[i] = w.target(w.withUser(u), w.bodyValue())
		}
		parts = append(parts, string(w.constant("urls", all)))
	}
	for i, s := range w.sources {
		name := s.kind
		w.imports[name] = true
		call := name + "(" + literal.Quoted(s.path)
		if options := w.listOptions(s.kind); options != nil {
			call += ", " + literal.Script(options, "")
		}
		call += ")"
		if s.kind == "sitemap" && isHTTP(s.path) {
			parts = append(parts, "(await "+call+")")
			continue
		}
		constant := "list"
		if len(w.sources) > 1 {
			constant += fmt.Sprint(i + 1)
		}
		parts = append(parts, string(w.constant(constant, literal.Code(call))))
	}
	w.constants.WriteString("\n")
	return literal.Code(w.joined(parts))
}

// joined puts the targets of several lists into one. Entries of lists that have no method get that of the command line.
func (w *scriptWriter) joined(parts []string) string {
	if w.method != "" && len(w.sources) > 0 {
		part := literal.Object{{Name: "method", Value: w.method}}
		if w.hasBody {
			part = append(part, literal.Member{Name: "body", Value: w.bodyValue()})
		}
		fmt.Fprintf(&w.functions, `// send gives an entry of a list what to send, unless it has a method of its own.
function send(entry) {
  const target = typeof entry === 'string' ? { url: entry } : entry;
  return target.method ? target : Object.assign({}, target, %s);
}

`, literal.Script(part, "  "))
		for i := range parts {
			if i > 0 || len(w.urls) == 0 {
				parts[i] += ".toJSON().map(send)"
			}
		}
	} else if len(parts) > 1 {
		for i := range parts {
			if i > 0 || len(w.urls) == 0 {
				parts[i] += ".toJSON()"
			}
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "[..." + strings.Join(parts, ", ...") + "]"
}

// withUser puts credentials into a URL that has none, where digest and NTLM look for them.
func (p *plan) withUser(raw string) string {
	u, err := url.Parse(raw)
	if p.user == nil || err != nil || u.User != nil || u.Host == "" {
		return raw
	}
	u.User = p.user
	return u.String()
}

// bodyValue is the body as a script has it: a text, or an ArrayBuffer.
func (p *plan) bodyValue() literal.Value {
	switch {
	case !p.hasBody:
		return nil
	case utf8.Valid(p.body):
		return string(p.body)
	}
	bytes := make([]string, len(p.body))
	for i, b := range p.body {
		bytes[i] = fmt.Sprint(b)
	}
	return literal.Code("new Uint8Array([" + strings.Join(bytes, ", ") + "]).buffer")
}

func (p *plan) listOptions(kind string) literal.Value {
	var o literal.Object
	if kind == "csv" {
		o = slices.Clone(p.csv)
	}
	if p.skip {
		o = o.With("onError", "skip")
	}
	if o == nil {
		return nil
	}
	return o
}

// call is the body of the default function.
func (w *scriptWriter) call(targets literal.Value) string {
	options := literal.Object{}
	for _, o := range w.options {
		if o.name != "baseURL" {
			options = options.With(o.name, o.value)
		}
	}
	function := string(w.mode)
	if base := w.baseURL(); base != nil {
		client := literal.Object{{Name: "baseURL", Value: base}}
		w.constants.WriteString("const client = new Client(" + literal.Script(client, "") + ");\n\n")
		function = "client." + function
	}
	arguments, indent := literal.Script(targets, "  "), "  "
	if w.mode == work.Page {
		arguments, indent = "url", "    "
	}
	call := "await " + function + "(" + arguments
	if w.ways != nil {
		call += ", " + literal.Script(w.ways, indent)
	}
	if len(options) > 0 {
		call += ", " + literal.Script(options, indent)
	}
	call += ")"
	if !w.gs.Flags.Quiet && !w.reportsToOutput() { // which then has nothing else
		w.imports["print"] = true
		call = "print(" + call + ")"
	}
	if w.mode == work.Page {
		return w.visitCall(literal.Script(targets, "  "), call)
	}
	return "  " + call + ";\n"
}

// k6Options are the options that the script exports. Thresholds make k6 exit with 99 where the command does. k6 ends an
// iteration after ten minutes by itself.
func (p *plan) k6Options() literal.Object {
	o := slices.Clone(p.k6)
	o = o.With("scenarios", literal.Object{{Name: "fetch", Value: literal.Object{
		{Name: "executor", Value: "per-vu-iterations"}, {Name: "maxDuration", Value: "24h"},
	}}})
	thresholds := literal.Object{
		{Name: "fetch_failed", Value: literal.List{"rate==0"}},
		{Name: "fetch_planned", Value: literal.List{"count>0"}},
		{Name: "fetch_not_run", Value: literal.List{"count==0"}},
	}
	if p.get("budget") != nil {
		thresholds = thresholds.With("checks", literal.List{"rate==1"})
	}
	return o.With("thresholds", thresholds)
}

// standardOutput is what k6 calls it in handleSummary().
const standardOutput = "stdout"

// summary is the function that writes the reports.
func (w *scriptWriter) summary() string {
	reports := slices.Clone(w.reports)
	if w.baseline != "" && !w.reportsToOutput() {
		reports = append(reports, reportFile{"text", ""}) // which says what got slower
	}
	if len(reports) == 0 {
		return ""
	}
	w.imports["report"] = true
	options := literal.Object{{Name: "k6", Value: literal.Code("data")}}
	if w.about.Title != "" {
		options = options.With("title", w.about.Title)
	}
	if w.baseline != "" {
		options = options.With("baseline", w.constant("baseline", literal.Code("open("+literal.Quoted(w.baseline)+")")))
		w.constants.WriteString("\n")
		if a, usual := w.about.Against, baseline.Defaults(); a != usual {
			options = options.With("significance", a.Significance).With("tolerance", a.Tolerance)
		}
	}
	files := literal.Object{}
	for _, r := range reports {
		path := r.path
		switch path {
		case "":
			path = standardOutput
		case standardOutput, "stderr": // a file that is called so
			path = "./" + path
		}
		call := "report(" + literal.Quoted(r.format) + ", " + literal.Script(options, "    ") + ")"
		if before, several := files.Get(path).(literal.Code); several && r.path == "" {
			call = string(before) + " + " + call
		}
		files = files.With(path, literal.Code(call))
	}
	return "\nexport function handleSummary(data) {\n  return " + literal.Script(files, "  ") + ";\n}\n"
}

// printScript prints the script.
func (p *plan) printScript() error {
	// The options are read as they would be, so that no script is printed that does not run.
	s := &session{plan: p}
	if err := s.prepare(p.gs.Logger); err != nil {
		return err
	}
	s.client.Shutdown()
	text, err := p.scriptText()
	if err != nil {
		return usage(err)
	}
	_, err = p.gs.Stdout.Write([]byte(text))
	return err
}
