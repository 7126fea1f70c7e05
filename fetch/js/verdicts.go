package js

import (
	"github.com/grafana/sobek"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
)

// verdictRecords are never nil, so that JSON has an empty array.
func verdictRecords(run []budget.Verdict) []budget.Record {
	records := make([]budget.Record, len(run))
	for i, v := range run {
		records[i] = v.Record()
	}
	return records
}

func resultVerdicts(r *fetch.Result) []budget.Record {
	records := []budget.Record{}
	for v := range r.Verdicts() {
		records = append(records, v.Record())
	}
	return records
}

// verdicts makes an array of plain objects.
func (mi *Instance) verdicts(records []budget.Record) sobek.Value {
	values := make([]any, len(records))
	for i := range records {
		value := sobek.Null()
		if v := records[i].Value; v != nil {
			value = mi.rt.ToValue(*v)
		}
		values[i] = mi.object("check", records[i].Check, "ok", records[i].Ok, "value", value)
	}
	return mi.rt.NewArray(values...)
}
