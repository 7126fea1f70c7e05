// Forms as a script writes them, in JavaScript that k6 and Node both run: http is what makes files.
export const forms = (http) => ({
	order: { b: 1, a: 2, c: 3, '10': 'ten', '9': 'nine' },
	numbers: { a: 1e21, b: 0.1, c: -0, d: NaN, e: Infinity, f: 1000000.5, g: 123456789012, h: 1e-7, i: 0.1 + 0.2, j: 2 ** 53 },
	others: { yes: true, no: false, nil: null, not: undefined, big: 12345678901234567890n, text: new String('boxed'), n: new Number(1e21) },
	objects: { own: { toString() { return 'its own'; } }, failure: new Error('what'), pattern: /a+b/ },
	lists: { list: ['p', 1e21, true, null, undefined], none: [], one: [''] },
	characters: { 'a b&c=d': 'e f&g=h', 'größe': '日本 ☃ 😀', safe: "*-._~!'()%+,/:;?@[]$", lines: 'a\r\nb\nc', '': 'no name', empty: '' },
	half: { a: 'x\ud800y' },
	nothing: {},
	file: { f: http.file('data', 'a b.txt', 'text/plain'), n: 1e21, yes: true, nil: null, big: 10n },
	files: { z: 'first', files: [http.file('one', 'a"b.txt', 'text/plain'), 'between', http.file('two', 'größe.txt', 'image/png')], a: [1, 2] },
	lastfile: { a: ['x', http.file('data', 'n', 'text/x')] },
	names: { 'a"b': http.file('x', 'back\\slash%41.txt', 'text/plain'), 'größe': 'ü', ';': 'x' },
});
