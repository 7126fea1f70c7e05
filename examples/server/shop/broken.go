package shop

// addBroken adds the font of the page /shop/broken, which pages of other origins must not read. What else goes wrong
// there is in the page itself, and in the table of delays.
func (s *Shop) addBroken() {
	private := *s.assets["letters.woff2"]
	private.path = "/cdn/private/letters.woff2"
	private.closed = true
	s.resources[private.path] = &private
}
