// Package baseline compares what was fetched with an earlier JSON report, name by name.
package baseline
