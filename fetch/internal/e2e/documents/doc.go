// Package documents tests what users read and copy: the README, the pages of docs, the examples and the types.
package documents
