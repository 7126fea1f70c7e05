// Package budget bounds what a target or a run may cost, and judges whether it kept the bounds. It imports neither k6
// nor a JavaScript runtime: numbers in, verdicts out.
//
// A budget is a list of checks. A plain check is about one target, or about one figure of a run. A check with an
// aggregate is about all results of a run, in the grammar of k6's thresholds. The run of a page has figures of its own.
package budget
