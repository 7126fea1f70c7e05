// Package pictures draws the pictures of the shop: its wares, landscapes and a map. The same call always returns the
// same bytes, so that nothing of it needs to be a file.
package pictures
