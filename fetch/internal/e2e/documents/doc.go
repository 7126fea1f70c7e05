// Package documents tests what users read and copy: the examples, the types and the README.
package documents
