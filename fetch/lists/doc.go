// Package lists reads lists of what to fetch from files: lines of text, CSV, sitemaps and HAR, plain or compressed
// with gzip.
//
// A [List] is opened by going through its files once: what is malformed in them is found then, the entries are counted,
// and every so often it is noted where one begins. After that, entries are read as they are asked for, from any place,
// and nothing of them is kept. A List never changes, and may be read by several goroutines.
//
// Time is linear in the decompressed size of a file, and memory is bounded whatever is in it: see maxLine, maxRow,
// maxToken, maxRequest and maxURLs.
package lists
