package js_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/k6test"
)

// prelude is what every script of these tests begins with.
const prelude = `
import { check, group, sleep } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import * as module from 'k6/x/fetch';
import fetch, { sequential, concurrent, compare, stream, Client, expectedStatuses } from 'k6/x/fetch';
const BASE = __ENV.BASE, BASE2 = __ENV.BASE2;

function show(v) { return v === undefined ? 'undefined' : JSON.stringify(v); }
function same(got, want, what) {
	if (show(got) !== show(want)) throw new Error((what || 'value') + ': got ' + show(got) + ', want ' + show(want));
}
function ok(truth, what) { if (!truth) throw new Error(what); }
async function rejection(promise) {
	let value;
	try { value = await promise; } catch (e) { return e; }
	throw new Error('resolved, to ' + show(value));
}
function thrown(fn) {
	let value;
	try { value = fn(); } catch (e) { return e; }
	throw new Error('returned ' + show(value));
}
function hits(path) { return Number(http.get(BASE + '/_/hits?path=' + encodeURIComponent(path)).body); }
function most(path) { return Number(http.get(BASE + '/_/most?path=' + encodeURIComponent(path)).body); }
async function drain(s) {
	const all = [];
	for (let item = await s.next(); !item.done; item = await s.next()) all.push(item.value);
	return all;
}
function times(n, fn) { return Array.from({ length: n }, (_, i) => fn(i)); }
`

// cases runs a function for each test() of a script, and checks that it throws nothing.
const cases = `
const cases = [];
function test(sentence, fn) { cases.push([sentence, fn]); }
export default async function () {
	for (const [sentence, fn] of cases) {
		let passed = true;
		try { await fn(); } catch (e) {
			passed = false;
			console.error('FAIL ' + sentence.replaceAll('::', ':') + ': ' + (e && e.stack || e));
		}
		check(null, { [sentence.replaceAll('::', ':')]: () => passed });
	}
	console.log('ran ' + cases.length + ' cases');
}
export const options = Object.assign({ thresholds: { checks: ['rate==1'] } }, JSON.parse(__ENV.OPTIONS || '{}'));
`

// runCases runs a script of test(sentence, function) cases in k6, as a Go test each.
func runCases(t *testing.T, srv *web, script string, args ...string) {
	t.Helper()
	out := runScript(t, srv, cases+script, args...)
	checks := out.Of("checks")
	require.NotEmpty(t, checks, out.Stderr)
	passed := true
	for _, c := range checks {
		passed = passed && c.Value == 1
		t.Run(c.Tags["check"], func(t *testing.T) {
			t.Parallel()
			if c.Value != 1 {
				t.Error(failures(out.Stderr, c.Tags["check"]))
			}
		})
	}
	require.Contains(t, out.Stderr, "ran ", "not all cases were run")
	if passed {
		require.Equal(t, 0, out.ExitCode, out.Stderr)
	}
}

// runScript runs a script that begins with the prelude.
func runScript(t *testing.T, srv *web, script string, args ...string) *k6test.Outcome {
	t.Helper()
	return k6test.Run(t, prelude+script, append([]string{"-e", "BASE=" + srv.URL}, args...)...)
}

// failures are the lines that a failing case has printed.
func failures(stderr, sentence string) string {
	_, rest, found := strings.Cut(stderr, "FAIL "+sentence+": ")
	if !found {
		return stderr
	}
	text, _, _ := strings.Cut(rest, "\nFAIL ")
	return text
}

func joined(args []string) string { return strings.Join(args, " ") }

// startScript starts a script that begins with the prelude.
func startScript(t *testing.T, srv *web, script string, args ...string) *k6test.Process {
	t.Helper()
	return k6test.Start(t, writeScript(t, prelude+script), append([]string{"-e", "BASE=" + srv.URL}, args...)...)
}

// isControl tells that a URL asks the server for a count.
func isControl(url string) bool { return strings.Contains(url, "/_/") }

func writeScript(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script.js")
	require.NoError(t, os.WriteFile(path, []byte(script), 0o600))
	return path
}
