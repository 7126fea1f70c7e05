package baseline

// names are those of a report, by what they are called.
type names struct {
	// single are those that stand for themselves alone; several are those that more than one name has become, of which
	// a report has left out what cannot be shown.
	single  map[string]*Name
	several map[string]bool
	// rest reports whether further names have no figures of their own.
	rest bool
}

func namesOf(list []Name) *names {
	found := &names{single: make(map[string]*Name, len(list)), several: make(map[string]bool)}
	for i := range list {
		n := &list[i]
		switch {
		case n.Rest:
			found.rest = true
		case found.single[n.Name] != nil || found.several[n.Name]:
			delete(found.single, n.Name)
			found.several[n.Name] = true
		default:
			found.single[n.Name] = n
		}
	}
	return found
}

// mayHide reports whether results of a name that has no figures of its own may be there all the same.
func (n *names) mayHide(name string) bool { return n.rest || n.several[name] }

// pair finds the names that are in both.
func (c *Comparison) pair(then, now []Name) {
	before, after := namesOf(then), namesOf(now)
	type which struct {
		name string
		rest bool
	}
	skipped := make(map[which]bool)
	for i := range now {
		n := &now[i]
		old := before.single[n.Name]
		switch {
		case n.Rest || after.several[n.Name] || old == nil && before.mayHide(n.Name):
			skipped[which{n.Name, n.Rest}] = true
		case old == nil:
			c.Names = append(c.Names, Judgement{Name: n.Name, Verdict: New, Now: n})
		default:
			c.Names = append(c.Names, Judgement{Name: n.Name, Then: old, Now: n})
		}
	}
	for i := range then {
		n := &then[i]
		switch {
		case n.Rest || before.several[n.Name] || after.single[n.Name] == nil && after.mayHide(n.Name):
			skipped[which{n.Name, n.Rest}] = true
		case after.single[n.Name] == nil:
			c.Names = append(c.Names, Judgement{Name: n.Name, Verdict: Missing, Then: n})
		}
	}
	c.NotCompared = len(skipped)
}
