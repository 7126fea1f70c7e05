package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

func TestKeysOfAnyKindArePartsOfAList(t *testing.T) {
	t.Parallel()
	out := judge(t, web.New(t), "keys-in-chunks")
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
