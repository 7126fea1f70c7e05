// Package aggregate gathers what was fetched, as it is fetched, in memory that does not grow with the number of URLs.
// Reports are written from what it gathers.
package aggregate
