// Package xk6fetch registers the k6/x/fetch JavaScript module with k6.
package xk6fetch
