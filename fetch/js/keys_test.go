package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestKeysOfAnyKindArePartsOfAList(t *testing.T) {
	t.Parallel()
	out := runScript(t, web.New(t), `
const names = ['__proto__', '', 'constructor', 'a', '0'];
const all = {};
for (const n of names) Object.defineProperty(all, n, { value: BASE + '/echo?' + n, enumerable: true });
export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 1, iterations: fetch.chunks(all, 2) } } };
export default async function () {
	const part = fetch.chunk(all, 2);
	const run = await concurrent(part);
	for (const r of run.results) console.log('got [' + r.key + '] ' + r.url.split('?')[1]);
	if (Object.getPrototypeOf(part) !== Object.prototype) throw new Error('its prototype was set');
}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	for _, name := range []string{"__proto__", "", "constructor", "a", "0"} {
		require.Contains(t, out.Stderr, "got ["+name+"] "+name)
	}

	out = runScript(t, web.New(t), `
const all = { ['__proto__']: BASE + '/echo?p', '': BASE + '/echo?e' };
export default async function () {
	const run = await concurrent(fetch.partition(all));
	if (run.get('__proto__').url !== BASE + '/echo?p' || run.get('').url !== BASE + '/echo?e') throw new Error('lost');
}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.NotContains(t, out.Stderr, "lost")
	require.Len(t, out.Of("http_reqs"), 2)
}
