package k6net

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"go.k6.io/k6/v2/lib/netext"
	"go.k6.io/k6/v2/lib/types"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/crash"
	"github.com/xk6-fetch/xk6-fetch/fetch/internal/k6private"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
)

// resolve returns a function that looks addresses up as the dialer would. k6's resolver takes no context, so a look-up
// without an answer would go on when nobody waits any longer. So names that k6's resolver would look up are looked up
// before, in a way that can be ended. Everything else is left to k6's resolver and dialer.
func (n *Network) resolve(dialer *netext.Dialer, dns types.DNSConfig) transport.ResolveFunc {
	if !k6private.IsResolver(dialer.Resolver) {
		return func(ctx context.Context, addr string) (net.IP, int, error) {
			return abandon(ctx, func() (net.IP, int, error) { return dialer.ResolveAddr(addr) })
		}
	}
	shared := n.resolverLike(dialer.Resolver, dns)
	return func(ctx context.Context, addr string) (net.IP, int, error) {
		own := netext.Dialer{
			Resolver:  bound{ctx, shared},
			Blacklist: dialer.Blacklist, BlockedHostnames: dialer.BlockedHostnames, Hosts: dialer.Hosts,
		}
		return own.ResolveAddr(addr)
	}
}

// abandon runs a look-up that cannot be ended. It returns when the context ends, and leaves the look-up running.
func abandon(ctx context.Context, lookUp func() (net.IP, int, error)) (net.IP, int, error) {
	type answer struct {
		ip   net.IP
		port int
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		var a answer
		if err := crash.Guard(func() { a.ip, a.port, a.err = lookUp() }); err != nil {
			a.err = err
		}
		done <- a
	}()
	select {
	case a := <-done:
		return a.ip, a.port, a.err
	case <-ctx.Done():
		return nil, 0, context.Cause(ctx)
	}
}

// resolver wraps one of k6's resolvers, with its cache, selection and policy. It hands that resolver the addresses of a
// name, so that k6's resolver looks nothing up.
type resolver struct {
	lookUp func(ctx context.Context, host string) ([]net.IP, error)

	mu   sync.Mutex
	k6   netext.Resolver
	told []net.IP // nil: only the cache is asked
}

var errNotTold = errors.New("not looked up yet")

// resolverLike returns the replacement for k6's resolver. All VUs share one, as they share k6's, because they share its
// cache.
func (n *Network) resolverLike(original netext.Resolver, dns types.DNSConfig) *resolver {
	n.mu.Lock()
	defer n.mu.Unlock()
	r := n.resolvers[original]
	if r == nil {
		r = &resolver{lookUp: n.lookUp}
		r.k6 = netext.NewResolver(r.tell, ttl(dns), selection(dns), policy(dns))
		if n.resolvers == nil {
			n.resolvers = make(map[netext.Resolver]*resolver)
		}
		n.resolvers[original] = r
	}
	return r
}

// tell is the look-up function of k6's resolver. It is called with the lock held.
func (r *resolver) tell(string) ([]net.IP, error) {
	if r.told == nil {
		return nil, errNotTold
	}
	return r.told, nil
}

func (r *resolver) lookUpIP(ctx context.Context, host string) (net.IP, error) {
	ip, err := r.ask(host, nil)
	if !errors.Is(err, errNotTold) {
		return ip, err
	}
	ips, err := r.lookUp(ctx, host)
	if err != nil {
		return nil, err
	}
	if ips == nil {
		ips = []net.IP{}
	}
	return r.ask(host, ips)
}

// ask asks k6's resolver for a name, whose addresses are told.
func (r *resolver) ask(host string, told []net.IP) (net.IP, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = told
	return r.k6.LookupIP(host)
}

// bound is a resolver for one look-up.
type bound struct {
	ctx context.Context //nolint:containedctx // lives as long as the look-up
	*resolver
}

// LookupIP implements netext.Resolver.
func (b bound) LookupIP(host string) (net.IP, error) { return b.lookUpIP(b.ctx, host) }

// ttl, selection and policy read the dns option as k6 does. k6 has validated it.
func ttl(dns types.DNSConfig) time.Duration {
	text := dns.TTL.String
	switch text {
	case "inf":
		return 365 * 24 * time.Hour //nolint:mnd // k6's infinity
	case "":
		text = types.DefaultDNSConfig().TTL.String
	}
	d, err := types.ParseExtendedDuration(text)
	if err != nil || d < 0 {
		return 0
	}
	return d
}

func selection(dns types.DNSConfig) types.DNSSelect {
	if !dns.Select.Valid {
		return types.DefaultDNSConfig().Select.DNSSelect
	}
	return dns.Select.DNSSelect
}

func policy(dns types.DNSConfig) types.DNSPolicy {
	if !dns.Policy.Valid {
		return types.DefaultDNSConfig().Policy.DNSPolicy
	}
	return dns.Policy.DNSPolicy
}

// lookUp asks the machine's resolver, or that of a test.
func (n *Network) lookUp(ctx context.Context, host string) ([]net.IP, error) {
	n.once.Do(func() { n.interruptible = interruptible(n.Resolver) })
	found, err := n.interruptible.LookupIPAddr(ctx, host)
	if err != nil {
		return nil, err
	}
	ips := make([]net.IP, len(found))
	for i, addr := range found {
		ips[i] = addr.IP
	}
	return ips, nil
}

// interruptible returns a resolver like the given one. Its queries end with their context, not only after a server's
// long silence.
func interruptible(like *net.Resolver) *net.Resolver {
	if like == nil {
		like = net.DefaultResolver
	}
	dial := like.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	return &net.Resolver{
		PreferGo: like.PreferGo, StrictErrors: like.StrictErrors,
		Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err == nil {
				context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
			}
			return conn, err
		},
	}
}
