// Package pages holds our requests for a page against those of Chromium: a corpus of pages, each about one thing or as
// real ones are, is loaded by us and by a real browser from one server, which records what it is asked for.
//
// # What is compared
//
// The URLs that are requested are equal. So are, for each URL, the priority and the headers that say what a request is
// for. The order agrees, in the sense of the next section.
//
// What differs for a reason is an except in the file of the page: what scripts or layout decide, what the preload
// scanner of Chromium guesses wrong. An except that is not needed any more fails as well, unless it is one that is
// needed sometimes. A difference counts if it is there in each of several pairs of loads, because neither browsers nor
// networks are deterministic.
//
// # Order
//
// The server takes a fixed time for each answer, and a browser has six connections to a host. Therefore what waits for
// an answer or for a connection comes later by that time, and what does not comes at once, in an order that means
// nothing.
//
// One request precedes another in Chromium if it was answered before the other came, in each load. We must not do the
// opposite: have the other answered before the one comes. That goes for requests of one document, to one host, of which
// the one is more urgent, or as urgent and of medium priority or above. It does not go for others: what is less urgent
// may come first because it is found earlier, as an image is before the font of a stylesheet; Chromium changes the
// priorities of images when it knows where they are; and documents of frames do not wait for one another.
//
// # Adding a page
//
// A page is a file in testdata/pages; the function corpus says what it looks like. Only what matters needs to be there.
// The server makes up the rest by the extension of a URL, and answers with 404 if it knows none.
package pages
