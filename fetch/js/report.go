package js

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/grafana/sobek"
	"go.k6.io/k6/v2/js/common"
	"golang.org/x/term"

	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/report"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/baseline"
	"github.com/xk6-fetch/xk6-fetch/fetch/report/k6summary"
)

// report is the function report(format, options?): about all that was fetched in this k6 until now.
func (mi *Instance) report(call sobek.FunctionCall) sobek.Value {
	if mi.vu.State() == nil {
		common.Throw(mi.rt, common.NewInitContextError("Using report() in the init context is not supported"))
	}
	return mi.written(call, func() *report.Subject { return report.OfSummary(mi.root.collector.Summary()) })
}

// reportOn makes the method report(format, options?) of a run or a comparison.
func (mi *Instance) reportOn(o *sobek.Object, about func() *report.Subject) {
	mi.method(o, "report", func(call sobek.FunctionCall) sobek.Value { return mi.written(call, about) })
}

// written reads a call of report(), and returns the report as a string.
func (mi *Instance) written(call sobek.FunctionCall, about func() *report.Subject) sobek.Value {
	formats := report.Formats()
	format, err := args.Field{Path: "report() format", Value: call.Argument(0), Runtime: mi.rt}.OneOf(formats...)
	if err != nil {
		throwMisuse(mi.rt, err)
	}
	options, err := mi.readReportOptions(args.Field{Path: "report() options", Value: call.Argument(1), Runtime: mi.rt})
	if err != nil {
		throwMisuse(mi.rt, err)
	}
	text, err := report.Write(formats[format], about(), options)
	if err != nil {
		common.Throw(mi.rt, err)
	}
	return mi.rt.ToValue(text)
}

func (mi *Instance) readReportOptions(f args.Field) (report.Options, error) {
	options := report.Options{Against: baseline.Defaults(), Width: terminalWidth(standardOutput())}
	if !f.Given() {
		return options, nil
	}
	err := f.Each("an object of options", func(key string, option args.Field) (err error) {
		switch key {
		case "title":
			options.Title, err = option.Text("a string")
		case "colors":
			options.Colors, err = option.Boolean()
			options.Colors = options.Colors && mi.onTerminal()
		case "baseline":
			options.Baseline, err = option.Baseline()
		case "k6":
			options.K6, err = mi.k6Summary(option)
		case "significance":
			options.Against.Significance, err = option.Significance()
		case "tolerance":
			options.Against.Tolerance, err = option.Tolerance()
		case "width":
			options.Width, err = width(option)
		default:
			known := []string{"baseline", "colors", "k6", "significance", "title", "tolerance", "width"}
			err = args.Unknown(option, "an option", known)
		}
		return err
	})
	return options, err
}

// onTerminal reports whether what k6 prints is seen by somebody who wants colours.
func (mi *Instance) onTerminal() bool {
	for _, name := range []string{"NO_COLOR", "K6_NO_COLOR"} {
		if value, _ := mi.environment(name); value != "" {
			return false
		}
	}
	kind, _ := mi.environment("TERM")
	return kind != "dumb" && term.IsTerminal(standardOutput())
}

// Columns of a text that may be asked for, and the most that it takes of a terminal unless more are.
const (
	leastWidth, mostWidth = 40, 500
	widestTerminal        = 200
)

// terminalWidth is how many columns a text has where it goes to a terminal, 0 elsewhere.
func terminalWidth(descriptor int) int {
	columns, _, err := term.GetSize(descriptor)
	if err != nil || columns <= 0 { // no terminal, or one that does not know
		return 0
	}
	return min(max(columns, leastWidth), widestTerminal)
}

func width(f args.Field) (int, error) {
	if n, ok := f.Number(); ok && n == math.Trunc(n) && n >= leastWidth && n <= mostWidth {
		return int(n), nil
	}
	return 0, f.Wrong(fmt.Sprintf("an integer from %d to %d", leastWidth, mostWidth))
}

// k6Summary reads what k6 hands to handleSummary.
func (mi *Instance) k6Summary(f args.Field) (*k6summary.Summary, error) {
	const must = "what handleSummary is called with"
	o, ok := f.Value.(*sobek.Object)
	if !ok || !args.IsPlain(o) {
		return nil, f.Wrong(must)
	}
	parts := make(map[string]json.RawMessage)
	// What setup() returned is there, too. It is left out because it may be large.
	for _, key := range []string{"options", "state", "metrics", "root_group", "results"} {
		part, ok := o.Get(key).(*sobek.Object)
		if !ok {
			continue
		}
		data, err := part.MarshalJSON()
		if err != nil {
			return nil, args.Misusef("%s must be %s: %s cannot be written as JSON (%v)", f.Path, must, key, err)
		}
		parts[key] = data
	}
	data, err := json.Marshal(parts)
	if err != nil {
		return nil, err
	}
	summary, err := k6summary.Read(data)
	if err != nil {
		return nil, args.Misusef("%s must be %s: %v", f.Path, must, err)
	}
	if summary.Machine {
		mi.logger().Warn("k6's machine-readable summary says nothing of thresholds: the verdict of report() is its own")
	}
	return summary, nil
}
