package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/xk6-fetch/xk6-fetch/fetch/internal/testkit/web"
)

// What ends an iteration cannot be caught, wherever it comes from.
func TestInterruptionsGoThrough(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"in a getter":              `await concurrent({ get a() { exec.test.abort('enough'); } });`,
		"in a getter of an option": `new Client({ get timeout() { exec.test.abort('enough'); } });`,
		"in a function that names": `await concurrent([BASE + '/echo'], { name: () => exec.test.abort('enough') });`,
		"in onResult":              `await concurrent([BASE + '/echo'], { onResult: () => exec.test.abort('enough') });`,
		"in a stream that waits":   `await stream([BASE + '/delay/50'], { onResult: () => exec.test.abort('enough') }).next();`,
		"in a stream that need not": `const s = stream([BASE + '/echo', BASE + '/hang'], { concurrency: 1, onResult: () => exec.test.abort('enough') });
			arrived('/hang', 1); // the result of the first is there
			await s.next();`,
		"in a getter of the runtime": `Object.defineProperty(Object.prototype, 'then', { configurable: true, get() {
				if (this.mode === 'concurrent') { delete Object.prototype.then; exec.test.abort('enough'); }
			} });
			await concurrent([BASE + '/echo']);`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := runScript(t, web.New(t), `export default async function () {
				try {`+body+`} catch (e) { console.error('caught it: ' + e); }
				console.error('went on');
			}`)
			require.Equal(t, 108, out.ExitCode, out.Stderr)
			require.Contains(t, out.Stderr, "enough")
			require.NotContains(t, out.Stderr, "panic")
			require.NotContains(t, out.Stderr, "caught it")
			require.NotContains(t, out.Stderr, "went on")
		})
	}
}
