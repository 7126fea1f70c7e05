package command

import (
	"fmt"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"

	"go.k6.io/k6/v2/lib/types"
	"golang.org/x/net/http/httpguts"

	"github.com/xk6-fetch/xk6-fetch/fetch/command/literal"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/work"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6net"
)

// What follows sets what flags say. Where the option of a script says the same, its reader checks the value later.

func setText(p *plan, f *flag, text string) error {
	if f.option == "auth" {
		p.auth = text
	}
	return p.set(f, f.option, text)
}

func setNumber(p *plan, f *flag, text string) error { return p.set(f, f.option, literal.Number(text)) }

func setOn(p *plan, f *flag, _ string) error { return p.set(f, f.option, true) }

func setOff(p *plan, f *flag, _ string) error { return p.set(f, f.option, false) }

func setNoJar(p *plan, f *flag, _ string) error { return p.set(f, f.option, nil) }

func setMode(p *plan, f *flag, _ string) error {
	mode := work.Mode(f.name)
	if p.mode != work.Concurrent && p.mode != mode {
		return usagef("--%s and --%s cannot be given together", p.mode, f.name)
	}
	p.mode = mode
	return nil
}

// httpVersion is the option that says the version of HTTP.
const httpVersion = "httpVersion"

// bothWays is what --compare compares if it is given nothing: one at a time, and together.
const bothWays = "both"

// ways are what --compare can be given, with their versions of HTTP.
//
//nolint:gochecknoglobals // a constant table
var ways = map[string]string{"http1.1": "1.1", "http2": "2", "http3": "3"}

func setCompare(p *plan, f *flag, text string) error {
	p.ways = nil
	switch on, err := strconv.ParseBool(text); {
	case err == nil && !on:
		return nil
	case err != nil && text != bothWays:
		var ok bool
		if p.ways, ok = waysOf(text); !ok {
			return usagef("%s must be two or three of http1.1, http2 and http3, with commas; got %q", f.path(), text)
		}
	}
	return setMode(p, f, "")
}

// waysOf reads versions of HTTP, with commas, as ways of compare().
func waysOf(text string) (all literal.List, ok bool) {
	seen := make(map[string]bool)
	for name := range strings.SplitSeq(text, ",") {
		version, known := ways[name]
		if !known || seen[name] {
			return nil, false
		}
		seen[name] = true
		all = append(all, literal.Object{{Name: "name", Value: name}, {Name: httpVersion, Value: version}})
	}
	return all, len(all) > 1
}

// takeWays reads versions that follow --compare without an equals sign, which no URL looks like.
func (p *plan) takeWays() {
	if p.mode != work.Compare || p.ways != nil {
		return
	}
	for i, u := range p.urls {
		if ways, ok := waysOf(u); ok {
			p.ways, p.urls = ways, slices.Delete(slices.Clone(p.urls), i, i+1)
			return
		}
	}
}

func setVersion(version string) func(*plan, *flag, string) error {
	return func(p *plan, f *flag, _ string) error {
		for _, o := range p.options {
			if o.name == f.option && o.value != literal.Value(version) {
				return usagef("%s and %s cannot be given together", o.path, f.path())
			}
		}
		return p.set(f, f.option, version)
	}
}

func setTracing(p *plan, f *flag, text string) error {
	return p.set(f, f.option, literal.Object{{Name: "propagator", Value: text}})
}

func setHeader(p *plan, f *flag, text string) error {
	name, value, ok := strings.Cut(text, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
		return usagef("%s must be the name of a header, a colon and its value", f.path()) // which may be a secret
	}
	others := slices.DeleteFunc(p.get(f.option), func(h literal.Member) bool { return strings.EqualFold(h.Name, name) })
	return p.set(f, f.option, append(others, literal.Member{Name: name, Value: value}))
}

func setCookie(p *plan, f *flag, text string) error {
	cookies := p.get(f.option)
	for pair := range strings.SplitSeq(text, ";") {
		name, value, ok := strings.Cut(strings.TrimSpace(pair), "=")
		if !ok || !httpguts.ValidHeaderFieldName(name) {
			return usagef("%s must be name=value, or several with semicolons", f.path())
		}
		cookies = cookies.With(name, value)
	}
	return p.set(f, f.option, cookies)
}

// setStatuses reads statuses and ranges, with commas.
func setStatuses(p *plan, f *flag, text string) error {
	all, ok := statuses(text)
	if !ok {
		return usagef("%s must be statuses and ranges of them, such as 200,300-399; got %q", f.path(), text)
	}
	return p.set(f, f.option, all)
}

func statuses(text string) (all literal.List, ok bool) {
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		low, err := strconv.Atoi(from)
		if err != nil {
			return nil, false
		}
		if !isRange {
			all = append(all, low)
			continue
		}
		high, err := strconv.Atoi(to)
		if err != nil || high < low {
			return nil, false
		}
		all = append(all, literal.Object{{Name: "min", Value: low}, {Name: "max", Value: high}})
	}
	return all, true
}

// setBudget reads a key and a bound: elapsed<500ms, or elapsed:p(95)<500ms. Several bounds of a key must all hold.
func setBudget(p *plan, f *flag, text string) error {
	key, bound := budgetKey(text)
	colon := strings.HasPrefix(bound, ":")
	if key == "" || bound == "" || !colon && !strings.ContainsAny(bound[:1], "<>=!") {
		return usagef("%s must be a key and a bound, such as 'elapsed<500ms' or 'elapsed:p(95)<1s'; got %q", f.path(), text)
	}
	bound = strings.TrimSpace(strings.TrimPrefix(bound, ":"))
	bounds, _ := p.get(f.option).Get(key).(literal.List)
	if key != "status" {
		bounds = append(bounds, literal.Number(bound))
	} else if all, ok := statuses(bound); ok {
		bounds = all
	} else {
		return usagef("%s must be statuses and ranges of them, such as status:200,300-399; got %q", f.path(), text)
	}
	return p.set(f, f.option, p.get(f.option).With(key, bounds))
}

const letters = "abcdefghijklmnopqrstuvwxyz_"

// budgetKey splits the key of a budget from its bound. Keys of pages may have a type: count:image<=20.
func budgetKey(text string) (key, bound string) {
	word := func(text string) string { return text[:len(text)-len(strings.TrimLeft(text, letters))] }
	key = word(text)
	if key == "count" || key == "bytes" {
		kind := word(strings.TrimPrefix(text[len(key):], ":"))
		if typed := key + ":" + kind; kind != "" && strings.ContainsAny(text[min(len(typed), len(text)-1):][:1], " :<>=!") {
			key = typed
		}
	}
	return key, strings.TrimSpace(text[len(key):])
}

func setK6Text(name string) func(*plan, *flag, string) error {
	return func(p *plan, f *flag, text string) error { return p.setK6(f, name, text) }
}

func setK6Bool(name string) func(*plan, *flag, string) error {
	return func(p *plan, f *flag, _ string) error { return p.setK6(f, name, true) }
}

// setK6List adds to an option that is a list, or several with commas.
func setK6List(name string) func(*plan, *flag, string) error {
	return func(p *plan, f *flag, text string) error {
		all, _ := p.k6.Get(name).(literal.List)
		for part := range strings.SplitSeq(text, ",") {
			all = append(all, strings.TrimSpace(part))
		}
		return p.setK6(f, name, all)
	}
}

func setDebug(p *plan, f *flag, text string) error {
	if text != "headers" && text != "full" {
		return usagef("%s must be headers or full; got %q", f.path(), text)
	}
	return p.setK6(f, "httpDebug", text)
}

func setDNS(p *plan, f *flag, text string) error {
	var dns types.DNSConfig
	if err := dns.UnmarshalText([]byte(text)); err != nil {
		return usagef("%s must be settings such as ttl=5m,select=random,policy=preferIPv4: %w", f.path(), err)
	}
	var o literal.Object
	if dns.TTL.Valid {
		if !k6net.IsTTL(dns.TTL.String) {
			return usagef("%s: ttl must be a duration, inf or 0; got %q", f.path(), dns.TTL.String)
		}
		o = o.With("ttl", dns.TTL.String)
	}
	if dns.Select.Valid {
		o = o.With("select", dns.Select.String())
	}
	if dns.Policy.Valid {
		o = o.With("policy", dns.Policy.String())
	}
	return p.setK6(f, "dns", o)
}

// setResolve reads what curl's option of that name takes: host:port:address, where a port of * stands for all.
func setResolve(p *plan, f *flag, text string) error {
	host, rest, _ := strings.Cut(text, ":")
	port, address, ok := strings.Cut(rest, ":")
	address = strings.Trim(address, "[]")
	if !ok || host == "" || !isPort(port) || net.ParseIP(address) == nil {
		return usagef("%s must be host:port:address, such as a.example:443:127.0.0.1; got %q", f.path(), text)
	}
	if port != "*" {
		host, address = host+":"+port, net.JoinHostPort(address, port) // without it, k6 connects to port 0
	}
	return p.addHost(f, host, address)
}

// isPort reports whether a text is a port, or stands for all.
func isPort(text string) bool {
	const most = 1<<16 - 1
	n, err := strconv.Atoi(text)
	return text == "*" || err == nil && n > 0 && n <= most
}

// setHosts reads an entry of k6's option of that name.
func setHosts(p *plan, f *flag, text string) error {
	host, address, ok := strings.Cut(text, "=")
	ip := strings.Trim(address, "[]")
	if before, _, err := net.SplitHostPort(address); err == nil {
		ip = before
	}
	if !ok || host == "" || net.ParseIP(ip) == nil {
		return usagef("%s must be host=address, such as a.example=127.0.0.1; got %q", f.path(), text)
	}
	return p.addHost(f, host, address)
}

func (p *plan) addHost(f *flag, host, address string) error {
	hosts, _ := p.k6.Get("hosts").(literal.Object)
	return p.setK6(f, "hosts", hosts.With(host, address))
}

func setSignificance(p *plan, f *flag, text string) error {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0 && n < 1) {
		return usagef("%s must be a probability above 0 and below 1; got %q", f.path(), text)
	}
	p.about.Against.Significance = n
	return nil
}

func setTolerance(p *plan, f *flag, text string) error {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0) || math.IsInf(n, 0) {
		return usagef("%s must be a share of at least 0 (0.05 is 5 %%); got %q", f.path(), text)
	}
	p.about.Against.Tolerance = n
	return nil
}

func setBaseline(p *plan, f *flag, text string) error {
	p.baseline = text
	switch text {
	case "":
		return usagef("%s must be the path of a report", f.path())
	case standardInput:
		return p.takeStandardInput(f.path() + " " + text)
	default:
		return nil
	}
}

func setTitle(p *plan, _ *flag, text string) error {
	p.about.Title = text
	return nil
}

func setJSON(p *plan, _ *flag, _ string) error {
	p.json = true
	return nil
}

func setScript(p *plan, _ *flag, _ string) error {
	p.script = true
	return nil
}

func setSkipInvalid(p *plan, _ *flag, _ string) error {
	p.skip = true
	return nil
}

// versionPath is the flag that says the version.
func (p *plan) versionPath() string {
	for _, o := range p.options {
		if o.name == httpVersion {
			return o.path
		}
	}
	return "versions for --compare"
}

// checkModes checks flags that are for one mode alone.
func (p *plan) checkModes() error {
	version, _ := p.value(httpVersion).(string)
	for _, o := range p.options {
		switch {
		case p.ways != nil && o.name == httpVersion:
			return fmt.Errorf("%s and versions for --compare cannot be given together", o.path)
		case p.ways != nil && o.name == "altSvc", version != "" && o.name == "altSvc",
			(version == "1.1" || version == "2") && o.name == "earlyData":
			return fmt.Errorf("%s has no effect with %s", o.path, p.versionPath())
		case p.mode != work.Compare && (o.name == "rounds" || o.name == "warmup"):
			return fmt.Errorf("%s is for --compare", o.path)
		case p.mode != work.Page && slices.ContainsFunc(pageFlags(), func(f *flag) bool { return f.option == o.name }):
			return fmt.Errorf("%s is for --page", o.path)
		}
	}
	return nil
}
