// Reads the lines of JSON that the command writes with the schema that they have.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';

import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

import { read, root } from './samples.mjs';

const schema = (name) => JSON.parse(readFileSync(resolve(root, 'fetch/report', name), 'utf8'));
const ajv = addFormats(new Ajv2020({ allErrors: true, strictTypes: false }));
ajv.addSchema(schema('schema.json'));
const validate = ajv.compile(schema('lines.schema.json'));

let server, secure, base, folder, k6, serve;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
  k6 = join(folder, 'k6');
  execFileSync('go', ['build', '-o', k6, './fetch/internal/testkit/k6'], { cwd: root, stdio: 'inherit' });
  serve = join(folder, 'serve');
  execFileSync('go', ['build', '-o', serve, './fetch/internal/testkit/web/serve'], { cwd: root, stdio: 'inherit' });
  server = createServer((req, res) => {
    if (req.url === '/missing') res.statusCode = 404;
    if (req.url === '/drop') return req.socket.destroy();
    res.end(req.url === '/binary' ? Buffer.from([0xff, 0]) : 'a text');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${server.address().port}`;
  const names = ['a.example', 'b.example'].map((name) => `DNS:${name}`).join(',');
  execFileSync('openssl', [
    ...'req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout key -out cert -days 30'.split(' '),
    '-subj', '/O=Example/CN=a.example', '-addext', `subjectAltName=${names}`,
  ], { cwd: folder, stdio: 'ignore' });
  const [key, cert] = ['key', 'cert'].map((name) => readFileSync(join(folder, name)));
  secure = createSecureServer({ key, cert }, (req, res) => res.end());
  await new Promise((done) => secure.listen(0, '127.0.0.1', done));
});
after(() => {
  server.close();
  secure.close();
  rmSync(folder, { recursive: true });
});

// lines runs the command, and returns what it writes. URLs that begin with $TLS2 are of a server of HTTP/3.
async function lines(args, status) {
  const env = { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' };
  const command = args.some((arg) => arg.startsWith('$'))
    ? [serve, ['sh', '-c', `exec "$0" x fetch ${args.join(' ')}`, k6]]
    : [k6, ['x', 'fetch', ...args]];
  const run = spawn(...command, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', log = '';
  run.stdout.on('data', (data) => { out += data; });
  run.stderr.on('data', (data) => { log += data; });
  const code = await new Promise((done) => run.on('close', done));
  assert.equal(code, status, log);
  return out.trimEnd().split('\n').map((line) => JSON.parse(line));
}

test('lines of JSON are as their schema says', async () => {
  const urls = ['/', '/missing', '/drop', '/binary'].map((path) => base + path);
  const found = {};
  for (const [args, status] of [
    [[...urls], 99],
    [[...urls, '--response-type', 'text', '--name', 'page', '--tracing', 'w3c', '--budget', 'elapsed<1us', '--budget', 'failed:rate<0.1'], 99],
    [[urls[0], '--expect', 'contains=text', '--expect', 'lacks=a'], 99],
    [[`https://127.0.0.1:${secure.address().port}/`, '--insecure', '--budget', 'certificate_days>28'], 0],
    [[urls[0], '--compare', '--report', 'json=old.json'], 0],
    [[urls[0], '--sequential', '--baseline', 'old.json'], 0],
    [['--insecure', '--sequential', '--no-connection-reuse', '--http3', '--early-data', '$TLS2/echo', '$TLS2/echo'], 0],
    [['--insecure', '--sequential', '--alt-svc', '$TLS2/alt-svc?port=1', '$TLS2/echo'], 0],
    [['--insecure', '--compare=http1.1,http2,http3', '$TLS2/echo'], 0],
    [['http://127.0.0.1:1/', '--deadline', '1ms', '--rate', '1', '--concurrency', '1', urls[0]], 99],
    [['compare', 'old.json', 'old.json'], 0],
  ]) {
    for (const line of await lines(args[0] === 'compare' ? [...args, '--json'] : ['--json', ...args], status)) {
      assert.ok(validate(line), `${JSON.stringify(line)}: ${ajv.errorsText(validate.errors?.slice(0, 9))}`);
      for (const key of Object.keys(line)) found[`${line.type}.${key}`] = true;
    }
  }
  for (const [type, { properties }] of Object.entries(schema('lines.schema.json').$defs)) {
    for (const key of Object.keys(properties)) {
      // A target of the command has no key, unless a line of standard input is too long to be one, is not
      // due at a time, and needed by no page.
      if (!['result.key', 'result.due', 'result.resource', 'end.pages', 'end.types'].includes(`${type}.${key}`)) assert.ok(found[`${type}.${key}`], `no line has ${type}.${key}`);
    }
  }
});

test('a line has the certificate that openssl has made', async () => {
  const shown = execFileSync('openssl', 'x509 -in cert -noout -serial -fingerprint -sha256'.split(' '), { cwd: folder, encoding: 'utf8' });
  const [{ certificate }] = await lines(['--json', '--insecure', `https://127.0.0.1:${secure.address().port}/`], 0);
  assert.ok(shown.includes(`serial=${certificate.serial}\n`), shown);
  assert.ok(shown.replaceAll(':', '').toLowerCase().includes(`=${certificate.sha256}\n`), shown);
  assert.deepEqual([certificate.subject, certificate.issuer], Array(2).fill('CN=a.example,O=Example'));
  assert.deepEqual([certificate.dnsNames, certificate.daysLeft], [['a.example', 'b.example'], 29]);
});

test('lines of a visit are as their schema says', () => {
  const all = read('visited', 'lines').trimEnd().split('\n').map((line) => JSON.parse(line));
  for (const line of all) assert.ok(validate(line), `${JSON.stringify(line)}: ${ajv.errorsText(validate.errors?.slice(0, 9))}`);
  const end = all.pop();
  assert.equal(all.filter((line) => line.resource.fromCache).length, end.totals.fromCache);
  assert.deepEqual([end.pages[0].name, end.pages[0].visits, end.pages[0].times.load.buckets], ['home', 1, undefined]);
  delete all[0].resource.type;
  assert.ok(!validate(all[0]));
});

test('the schema minds what is wrong', async () => {
  const all = await lines(['--json', base + '/'], 0);
  writeFileSync(join(folder, 'line'), JSON.stringify(all));
  for (const change of [(l) => { l[0].type = 'none'; }, (l) => { l[0].extra = 1; }, (l) => { delete l[0].timings.elapsed; },
    (l) => { l[1].totals.count = -1; }, (l) => { delete l[1].verdict; }, (l) => { l[1].version = 2; }]) {
    const wrong = JSON.parse(readFileSync(join(folder, 'line'), 'utf8'));
    change(wrong);
    assert.ok(!wrong.every((line) => validate(line)), `the schema does not mind ${change}`);
  }
});
