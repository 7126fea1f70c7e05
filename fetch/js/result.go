package js

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/grafana/sobek"
	"github.com/tidwall/gjson"
	"go.k6.io/k6/v2/js/common"
	"go.k6.io/k6/v2/js/modules/k6/html"
	"go.k6.io/k6/v2/lib/netext/httpext"
	"go.k6.io/k6/v2/metrics"

	"github.com/xk6-fetch/xk6-fetch/fetch"
	"github.com/xk6-fetch/xk6-fetch/fetch/budget"
	"github.com/xk6-fetch/xk6-fetch/fetch/js/args"
	"github.com/xk6-fetch/xk6-fetch/fetch/k6metrics"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/tracing"
	"github.com/xk6-fetch/xk6-fetch/fetch/transport/urltext"
)

// prototypes hold the methods that objects of one kind share.
type prototypes struct {
	result, list *sobek.Object
	// failure is that of Error. It is nil where a script has done away with it before it imported this module.
	failure *sobek.Object
}

func (mi *Instance) newPrototypes() prototypes {
	result := mi.rt.NewObject()
	for name, method := range map[string]func(*resultObject, sobek.Value) sobek.Value{
		"json": (*resultObject).json,
		"html": (*resultObject).html,
	} {
		mi.method(result, name, func(call sobek.FunctionCall) sobek.Value {
			r, ok := args.GoValue[*resultObject](call.This)
			if !ok {
				panic(mi.rt.NewTypeError(name + "() is a method of results"))
			}
			return method(r, call.Argument(0))
		})
	}
	return prototypes{result: result, list: mi.newListPrototype(), failure: errorPrototype(mi.rt)}
}

// resultObject is the JavaScript object of one result. Its values are made when they are looked at.
type resultObject struct {
	mi     *Instance
	result *fetch.Result
	// buffer is the body as an ArrayBuffer, once it has been asked for.
	buffer sobek.Value
}

var _ sobek.DynamicObject = &resultObject{}

func (mi *Instance) newResult(r *fetch.Result) *sobek.Object {
	o := mi.rt.NewDynamicObject(&resultObject{mi: mi, result: r})
	if err := o.SetPrototype(mi.protos.result); err != nil {
		common.Throw(mi.rt, err)
	}
	return o
}

// resultKeys are the properties of a result, in the order in which they are shown.
//
//nolint:gochecknoglobals // a constant list
var resultKeys = []string{
	"index", "key", "name", "url", "state", "ok", "status", "status_text", "proto", "fallback", "error", "error_code",
	"started", "ended", "timings", "reused", "early_data", "bytes", "attempts", "resent", "redirects", "budget", "unmet",
	"remote_ip", "remote_port", "tls_version", "tls_cipher_suite", "ocsp", "certificate", "trace_id",
	"headers", "cookies", "request", "body",
}

// resourceKeys are those that results of a page have besides.
//
//nolint:gochecknoglobals // a constant list
var resourceKeys = []string{"type", "initiator", "priority", "blocking", "fromCache"}

// Keys leaves the body out where none was kept, so that what goes through all properties does not ask for it.
func (o *resultObject) Keys() []string {
	keys := resultKeys
	if o.result.Target.Spec.ResponseType == transport.ResponseNone {
		keys = keys[:len(keys)-1]
	}
	if o.result.Resource() != nil {
		keys = slices.Concat(resourceKeys, keys)
	}
	return keys
}

func (o *resultObject) Has(key string) bool {
	return slices.Contains(resultKeys, key) || o.result.Resource() != nil && slices.Contains(resourceKeys, key)
}

// Set refuses: what a script wrote would be gone when it got the result out of the array again.
func (o *resultObject) Set(key string, _ sobek.Value) bool {
	panic(o.mi.rt.NewTypeError("results cannot be changed: %s was to be set; keep it in a variable of its own", key))
}

func (o *resultObject) Delete(string) bool { return false }

// Get returns the value of a property, nil if there is none of that name.
func (o *resultObject) Get(key string) sobek.Value {
	defer o.mi.rethrow()
	if v, ok := o.own(key); ok {
		return o.mi.rt.ToValue(v)
	}
	if about := o.result.Resource(); about != nil && slices.Contains(resourceKeys, key) {
		return o.resource(about, key)
	}
	return o.response(key)
}

// resource returns what a result is to its page.
func (o *resultObject) resource(about *fetch.Resource, key string) sobek.Value {
	rt := o.mi.rt
	switch key {
	case "type":
		return rt.ToValue(about.Type)
	case "priority":
		return rt.ToValue(about.Priority)
	case "blocking":
		return rt.ToValue(about.Blocking)
	case "fromCache":
		return rt.ToValue(o.result.FromCache)
	default:
		if about.Initiator < 0 {
			return sobek.Null()
		}
		return o.mi.object("index", about.Initiator, "element", about.Element, "url", urltext.Mask(about.InitiatorURL))
	}
}

// own returns what every result has.
func (o *resultObject) own(key string) (any, bool) {
	r := o.result
	switch key {
	case "index":
		return r.Index, true
	case "key":
		if r.Target.Key == nil {
			return r.Index, true
		}
		return *r.Target.Key, true
	case "name":
		return r.Name(), true
	case "url":
		return r.URL(), true
	case "state":
		return r.State.String(), true
	case "ok":
		return r.Ok(), true
	case "status":
		return r.Status, true
	case "error":
		return r.Error, true
	case "error_code":
		return r.ErrorCode, true
	case "started":
		return metrics.D(r.Started()), true
	case "ended":
		return metrics.D(r.Ended()), true
	case "reused":
		return r.Reused, true
	case "early_data":
		return r.EarlyData, true
	case "fallback":
		return r.Fallback, true
	case "bytes":
		return r.Bytes, true
	case "attempts":
		return r.Attempts, true
	case "resent":
		return r.Resent, true
	case "trace_id":
		return r.TraceID(), true
	default:
		return nil, false
	}
}

// response returns what came from the server. A result without a response has empty values, as k6's.
func (o *resultObject) response(key string) sobek.Value {
	rt, r := o.mi.rt, o.result
	resp := r.Response
	if resp == nil {
		resp = &fetch.Response{}
	}
	conn := resp.Conn
	if conn == nil {
		conn = &transport.ConnInfo{}
	}
	switch key {
	case "timings":
		return rt.NewDynamicObject(&timingsObject{rt: rt, result: r, timings: &r.Timings})
	case "status_text":
		return rt.ToValue(resp.StatusText)
	case "proto":
		return rt.ToValue(resp.Proto)
	case "remote_ip":
		return rt.ToValue(conn.RemoteIP)
	case "remote_port":
		return rt.ToValue(conn.RemotePort)
	case "tls_version":
		info, _ := k6metrics.TLSInfo(conn)
		return rt.ToValue(info.Version)
	case "tls_cipher_suite":
		info, _ := k6metrics.TLSInfo(conn)
		return rt.ToValue(info.CipherSuite)
	case "ocsp":
		_, ocsp := k6metrics.TLSInfo(conn)
		return rt.ToValue(ocsp)
	case "certificate":
		return o.certificate()
	case "headers":
		return rt.ToValue(joinedHeader(resp.Header()))
	case "cookies":
		return rt.ToValue(responseCookies(resp.Header()))
	case "redirects":
		return o.redirects(resp)
	case "budget":
		return o.mi.verdicts(budget.Records(r.Verdicts()))
	case "unmet":
		return o.mi.unmet(r)
	case "request":
		return rt.ToValue(request(r))
	case "body":
		return o.body()
	default:
		return nil
	}
}

// certificate returns the server's certificate, null without TLS.
func (o *resultObject) certificate() sobek.Value {
	c := certificateRecordOf(o.result)
	if c == nil {
		return sobek.Null()
	}
	names := make([]any, len(c.DNSNames))
	for i, name := range c.DNSNames {
		names[i] = name
	}
	return o.mi.object(
		"subject", c.Subject, "issuer", c.Issuer, "notBefore", c.NotBefore, "notAfter", c.NotAfter,
		"dnsNames", o.mi.rt.NewArray(names...), "serial", c.Serial, "sha256", c.SHA256, "daysLeft", c.DaysLeft,
	)
}

func joinedHeader(h http.Header) map[string]string {
	joined := make(map[string]string, len(h))
	for name, values := range h {
		joined[name] = strings.Join(values, ", ")
	}
	return joined
}

func responseCookies(h http.Header) map[string][]*httpext.HTTPCookie {
	cookies := make(map[string][]*httpext.HTTPCookie)
	for _, c := range (&http.Response{Header: h}).Cookies() {
		cookies[c.Name] = append(cookies[c.Name], &httpext.HTTPCookie{
			Name: c.Name, Value: c.Value, Domain: c.Domain, Path: c.Path,
			HTTPOnly: c.HttpOnly, Secure: c.Secure, MaxAge: c.MaxAge,
			Expires: c.Expires.UnixNano() / int64(time.Millisecond),
		})
	}
	return cookies
}

// request returns the first request of a target, as k6's responses have it.
func request(r *fetch.Result) *httpext.Request {
	req := &httpext.Request{
		Method: r.Method(), URL: r.Target.Shown(), Body: string(givenBody(r.Target.Spec)),
		Headers: r.Target.Spec.Header, Cookies: make(map[string][]*httpext.HTTPRequestCookie),
	}
	if r.Response != nil && r.Response.SentHeader != nil {
		req.Headers = tracing.Added(r.Response.SentHeader, r.Response.Trace)
	}
	req.Headers = http.Header(req.Headers).Clone() // the script may write to it, and workers go on sending the original
	for _, c := range (&http.Request{Header: req.Headers}).Cookies() {
		req.Cookies[c.Name] = append(req.Cookies[c.Name], &httpext.HTTPRequestCookie{Name: c.Name, Value: c.Value})
	}
	return req
}

// givenBody returns the body that a script gave, before it was compressed. It is nil if there is none.
func givenBody(spec *fetch.Spec) []byte {
	if spec.Given != nil {
		return spec.Given
	}
	return spec.Body
}

func (o *resultObject) redirects(resp *fetch.Response) sobek.Value {
	rt := o.mi.rt
	hops := make([]any, len(resp.Redirects))
	for i := range resp.Redirects {
		hop := &resp.Redirects[i]
		hops[i] = o.mi.object(
			"url", hop.URL,
			"status", hop.Status,
			"timings", rt.NewDynamicObject(&timingsObject{rt: rt, timings: &hop.Timings}),
		)
	}
	return rt.NewArray(hops...)
}

// kept returns the body, and what it is to be shown as. A body that nobody asked for throws, and says how to get it.
func (o *resultObject) kept(what string) ([]byte, transport.ResponseType) {
	kind := o.result.Target.Spec.ResponseType
	if kind == transport.ResponseNone {
		panic(o.mi.rt.NewTypeError("the body was not kept, so there is no " + what +
			": set the option responseType to 'text' or 'binary'"))
	}
	if o.result.Response == nil {
		return nil, kind
	}
	return o.result.Response.Body, kind
}

// body returns a string, an ArrayBuffer, or null when nothing came.
func (o *resultObject) body() sobek.Value {
	body, kind := o.kept("body")
	switch {
	case body == nil:
		return sobek.Null()
	case kind == transport.ResponseBinary:
		if o.buffer == nil { // a copy, which the script may write to
			o.buffer = o.mi.rt.ToValue(o.mi.rt.NewArrayBuffer(bytes.Clone(body)))
		}
		return o.buffer
	default:
		return o.mi.rt.ToValue(string(body))
	}
}

// html parses the body as HTML, and finds what a selector says in it, as k6's Response does.
func (o *resultObject) html(selector sobek.Value) sobek.Value {
	body, _ := o.kept("html()")
	if body == nil {
		panic(o.mi.rt.NewTypeError("html() needs the body, and none came: %s", o.reason()))
	}
	found, err := html.ParseHTML(o.mi.rt, string(body))
	if err != nil {
		common.Throw(o.mi.rt, err)
	}
	found.URL = o.result.URL()
	if !common.IsNullish(selector) {
		found = found.Find(o.selector("html", selector))
	}
	return o.mi.rt.ToValue(found)
}

// json parses the body, or what a GJSON selector finds in it.
func (o *resultObject) json(selector sobek.Value) sobek.Value {
	rt := o.mi.rt
	body, _ := o.kept("json()")
	if body == nil {
		panic(rt.NewTypeError("json() needs the body, and none came: %s", o.reason()))
	}
	if !common.IsNullish(selector) {
		if !gjson.ValidBytes(body) {
			return sobek.Undefined()
		}
		found := gjson.GetBytes(body, o.selector("json", selector))
		if !found.Exists() {
			return sobek.Undefined()
		}
		return rt.ToValue(found.Value())
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		common.Throw(rt, fmt.Errorf("cannot parse the body of %s as JSON: %w", o.result.Name(), err))
	}
	return rt.ToValue(value)
}

func (o *resultObject) selector(method string, value sobek.Value) string {
	selector, err := args.Field{Path: method + "() selector", Value: value, Runtime: o.mi.rt}.AsText("a string")
	if err != nil {
		throwMisuse(o.mi.rt, err)
	}
	return selector
}

func (o *resultObject) reason() string {
	if o.result.Error != "" {
		return o.result.Error
	}
	return "the response is " + o.result.State.String()
}

// MarshalJSON makes a result fit for what setup() returns.
func (o *resultObject) MarshalJSON() ([]byte, error) { return json.Marshal(recordOf(o.result)) }
