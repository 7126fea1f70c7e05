// Package lists reads lists of targets from files: lines of text, CSV, sitemaps and HAR, plain or compressed with gzip.
//
// Opening a [List] reads its files once: it finds malformed entries, counts the entries, and notes the place of every
// so many. After that, entries are read on demand, from any place, and are not kept. The requests of a HAR file are
// kept instead, compressed, because nothing can be read from the middle of JSON. If they are to start as far apart as
// they were recorded, they are sorted by that, in parts that are merged. A List never changes, and several goroutines
// may read it.
//
// Time is linear in the decompressed size of a file. Memory is bounded, whatever the file holds: see maxLine, maxRow,
// maxToken, maxRequest and maxURLs.
package lists
