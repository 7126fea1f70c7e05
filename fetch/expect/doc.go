// Package expect judges whether a response is what it must be: its status, its header, its body as it streams, JSON in
// it, and the certificate of its server.
//
// An [Expectation] is made once, for many targets. A [Judge] applies it to one response after another. It keeps of a
// body what a text may lie across, or a digest, and nothing else; only JSON and patterns need the whole body until its
// end, within the bound that bodies have.
package expect
