// Package pages holds the requests of our visits against those of Chromium, for a corpus of pages.
//
// Each page of testdata/pages is loaded from one server by both, several times. All hosts of the corpus are at that
// server, which records what is requested: method, URL, headers and order. What differs in each of several pairs of
// loads is a difference, unless the page says that it is expected, and why.
//
// # What is compared
//
//   - The set of URLs.
//   - The priorities, as Chromium's developer tools tell them, before layout.
//   - The headers that say what a request is for: Accept, Origin, Referer, Sec-Fetch-*, Upgrade-Insecure-Requests.
//   - The order of first requests. The server answers each after a while, and a host has six connections. Chromium's
//     order counts where one request was answered before the other came, both are of one host and for one document, and
//     the first is more urgent, or as urgent and no mere image. We differ if the other had been answered before ours
//     came.
//
// The icon that Chromium asks each host for by itself is no difference.
package pages
