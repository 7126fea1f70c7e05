// Package aggregate gathers what was fetched, as it is fetched, in memory that does not grow with the number of URLs,
// and makes of it what reports are written from.
package aggregate
