package quicpeer

import (
	"bytes"
	"math/rand/v2"
	"slices"
)

// datagramCases are peers that do not get as far as a connection.
func datagramCases() []Case {
	each := func(name string, want []int, f func(p *Peer, b []byte, reply func([]byte))) Case {
		c := Case{Name: "UDP: " + name, Want: code(want...)}
		c.script.datagram = f
		return c
	}
	random := func(size int) []byte {
		b := make([]byte, size)
		for i := range b {
			b[i] = byte(rand.UintN(256)) // #nosec G115 G404 -- any byte will do
		}
		return b
	}
	offering := func(versions ...uint32) func(p *Peer, b []byte, reply func([]byte)) {
		return func(_ *Peer, b []byte, reply func([]byte)) { reply(negotiation(b, versions...)) }
	}
	const version1, odd = 1, 0x1a2a3a4a // reserved, and spoken by nobody
	return []Case{
		{Name: "UDP: nobody listens", Want: code(1801), script: script{absent: true}},
		each("silence", []int{1050}, func(*Peer, []byte, func([]byte)) {}).stalling(),
		each("peer goes in the handshake", []int{1801}, func(p *Peer, _ []byte, _ func([]byte)) { _ = p.socket.Close() }),
		each("no common version", []int{1805}, offering(odd)),
		each("no common version, of many", []int{1805}, offering(slices.Repeat([]uint32{odd, 0xff00001d}, 100)...)),
		// Somebody who wants the client to give up would send this (RFC 9000, section 6.2).
		each("version negotiation that offers the client's", []int{1050}, offering(odd, version1)).stalling(),
		each("garbage", []int{1050}, func(_ *Peer, _ []byte, reply func([]byte)) {
			for _, size := range []int{0, 1, 20, 100, 1200, 1452} {
				reply(random(size))
			}
			reply([]byte("SSH-2.0-OpenSSH_9.9\r\n"))
		}).stalling(),
		each("long headers of garbage", []int{1050}, func(_ *Peer, b []byte, reply func([]byte)) {
			dst, src := connectionIDs(b)
			for _, kind := range []byte{0xc0, 0xd0, 0xe0, 0xf0} {
				reply(slices.Concat([]byte{kind, 0, 0, 0, version1}, counted(src), counted(dst), random(1000)))
			}
		}).stalling(),
		each("its own packets come back", []int{1050}, func(_ *Peer, b []byte, reply func([]byte)) { reply(b) }).stalling(),
	}
}

// connectionIDs are those of a packet with a long header (RFC 8999, section 5.1).
func connectionIDs(b []byte) (dst, src []byte) {
	const versionEnd = 5
	next := func() (id []byte) {
		if len(b) > 0 && len(b) > int(b[0]) {
			id, b = b[1:1+b[0]], b[1+b[0]:]
		}
		return id
	}
	if len(b) < versionEnd {
		return nil, nil
	}
	b = b[versionEnd:]
	dst = next()
	src = next()
	return dst, src
}

func counted(id []byte) []byte { return append([]byte{byte(len(id))}, id...) } // #nosec G115 -- 20 at most

// negotiation is the packet that answers another with versions (RFC 9000, section 17.2.1).
func negotiation(to []byte, versions ...uint32) []byte {
	dst, src := connectionIDs(to)
	var list bytes.Buffer
	for _, v := range versions {
		_, _ = list.Write([]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}) // #nosec G115 -- 8 bits each
	}
	return slices.Concat([]byte{0xc0, 0, 0, 0, 0}, counted(src), counted(dst), list.Bytes())
}
