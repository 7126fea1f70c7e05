package transport

import "sync"

// Shapes remember what the requests of specs have in common, for the sessions of one run. The zero value is ready.
type Shapes struct {
	mu    sync.Mutex
	known map[*Spec]*shape
}

// maxShapes bounds them. Runs with more specs have one for each target, which no other target has.
const maxShapes = 256

// of returns the shape of a spec, which a client's planner makes.
func (s *Shapes) of(c *Client, spec *Spec) *shape {
	if s == nil {
		return c.planner.shapeOf(spec)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.known[spec]
	if !ok {
		found = c.planner.shapeOf(spec)
		if s.known == nil {
			s.known = make(map[*Spec]*shape)
		}
		if len(s.known) < maxShapes {
			s.known[spec] = found
		}
	}
	return found
}
