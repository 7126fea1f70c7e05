// Node prints what each form is to a browser: as URLSearchParams writes it, or the parts of a FormData; and the parts that
// it reads of what was sent, which is on its standard input.
import { forms } from './forms.mjs';

async function parts(form) {
	const out = [];
	for (const [name, value] of form) {
		if (typeof value === 'string') out.push([name, value]);
		else out.push([name, value.name, value.type, await value.text()]);
	}
	return out;
}
const chunks = [];
process.stdin.on('data', (c) => chunks.push(c)).on('end', async () => {
	const sent = JSON.parse(Buffer.concat(chunks));
	const out = {};
	for (const [name, form] of Object.entries(forms({ file: (data, name, type) => new File([data], name, { type }) }))) {
		const pairs = Object.entries(form).flatMap(([k, v]) => Array.isArray(v) ? v.map((x) => [k, x]) : [[k, v]]);
		if (pairs.some(([, v]) => v instanceof File)) {
			const data = new FormData();
			for (const [k, v] of pairs) data.append(k, v instanceof File ? v : String(v));
			const response = new Response(sent[name].Body, { headers: { 'content-type': sent[name].Kind } });
			out[name] = { want: await parts(data), got: await parts(await response.formData()) };
		} else {
			out[name] = { want: new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString(), got: sent[name].Body };
		}
	}
	console.log(JSON.stringify(out));
});
