package js

// Idle is closed when nothing goes on beside the event loops. k6 waits for it before a test ends.
func (r *RootModule) Idle() <-chan struct{} { return r.leftovers.work.Idle() }
