// Reads the reports back with the schemas and parsers that others have for them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import draft6 from 'ajv/dist/refs/json-schema-draft-06.json' with { type: 'json' };
import addFormats from 'ajv-formats';
import * as harSchemas from 'har-schema';
import { marked } from 'marked';
import { Parser as TapParser } from 'tap-parser';
import { validateXML } from 'xmllint-wasm';

import { document, judgement, names, read, root } from './samples.mjs';

test('JSON is as its schema says', () => {
  const ajv = addFormats(new Ajv2020({ allErrors: true, strictTypes: false }));
  const validate = ajv.compile(JSON.parse(readFileSync(resolve(root, 'fetch/report/schema.json'), 'utf8')));
  for (const name of names) {
    assert.ok(validate(document(name)), `${name}: ${ajv.errorsText(validate.errors?.slice(0, 5))}`);
  }
  assert.equal(document('slower').baseline.slower, 4);
  assert.equal(document('shop').baseline, undefined);
  for (const change of [(d) => { d.baseline.names[0].verdict = 'slow'; }, (d) => { delete d.baseline.enough; }, (d) => { d.baseline.names[0].failures = { p: 1 }; }, (d) => { d.baseline.names[0].sizes.extra = 1; }, (d) => { d.baseline.names[0].test.p = 2; }]) {
    const wrong = document('slower');
    change(wrong);
    assert.ok(!validate(wrong), `the schema does not mind ${change}`);
  }
  const { pages, types, runs } = document('visits');
  assert.deepEqual(pages.map((p) => [p.name, p.visits, p.whole]), [['home', 60, 60], ['product', 20, 20]]);
  assert.equal(types.reduce((sum, t) => sum + t.count, 0), document('visits').totals.count);
  assert.equal(types.reduce((sum, t) => sum + t.fromCache, 0), document('visits').totals.fromCache);
  for (const { page, results } of runs) {
    assert.equal(page.hits, results.filter((r) => r.resource.fromCache).length);
    results.forEach(({ resource: { initiator } }) => initiator && assert.equal(initiator.url, results[initiator.index].url));
  }
  for (const change of [(d) => { d.runs[0].page.load = -1; }, (d) => { delete d.runs[0].results[0].resource.initiator; }, (d) => { d.runs[0].results[1].resource.type = 'css'; }, (d) => { delete d.pages[0].times.load; }, (d) => { d.types[0].extra = 1; }]) {
    const wrong = document('visits');
    change(wrong);
    assert.ok(!validate(wrong), `the schema does not mind ${change}`);
  }
  for (const name of ['shop', 'demo']) assert.doesNotMatch(read(name, 'json'), /"(pages|types|page|resource|fromCache)":/, name);
  for (const change of [(d) => { d.version = 2; }, (d) => { d.extra = 1; }, (d) => { d.names[0].count = -1; }, (d) => { delete d.runs[0].peak; }]) {
    const wrong = document('shop');
    change(wrong);
    assert.ok(!validate(wrong), `the schema does not mind ${change}`);
  }
});

test('HAR is as its schema says', () => {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addMetaSchema(draft6);
  const schemas = Object.values(harSchemas.default ?? harSchemas);
  ajv.addSchema(schemas);
  const validate = ajv.getSchema('har.json#') ?? ajv.getSchema('har.json');
  for (const name of names) {
    const har = JSON.parse(read(name, 'har'));
    assert.ok(validate(har), `${name}: ${ajv.errorsText(validate.errors?.slice(0, 5))}`);
    const pages = har.log.pages.map((page) => page.id);
    for (const entry of har.log.entries) assert.ok(pages.includes(entry.pageref));
  }
  const wrong = JSON.parse(read('demo', 'har'));
  delete wrong.log.entries[0].request.method;
  assert.ok(!validate(wrong));
});

test('JUnit is as its schema says', async () => {
  const schema = readFileSync(resolve(root, 'fetch/report/testdata/junit.xsd'), 'utf8');
  for (const name of names) {
    const { valid, errors } = await validateXML({ xml: [{ fileName: `${name}.xml`, contents: read(name, 'xml') }], schema });
    assert.ok(valid, JSON.stringify(errors.slice(0, 3)));
    const { ok, failed } = document(name).totals;
    const xml = read(name, 'xml');
    assert.equal(xml.includes('name="something is fetched"'), ok + failed === 0, name);
    const [, tests, failures] = xml.match(/ tests="(\d+)" failures="(\d+)"/);
    assert.deepEqual([xml.split('<testcase ').length - 1, xml.split('<failure ').length - 1], [Number(tests), Number(failures)], name);
  }
  const wrong = read('demo', 'xml').replace(/ time="[^"]*"/, '');
  assert.ok(!(await validateXML({ xml: [{ fileName: 'wrong.xml', contents: wrong }], schema })).valid);
});

test('TAP is parsed back', () => {
  for (const name of names) {
    const report = document(name);
    const { names: expected } = report;
    const budgets = report.budgets.filter((b) => b.ofRun);
    const points = [];
    const parser = new TapParser();
    parser.on('assert', (point) => points.push(point));
    parser.on('extra', (extra) => assert.fail(`${name}: not TAP: ${extra}`));
    parser.end(read(name, 'tap'));
    const nothing = report.totals.ok + report.totals.failed === 0;
    const k6 = [...(report.k6?.thresholds ?? []), ...(report.k6?.checks ?? []).map((c) => ({ ...c, ok: c.fails === 0 }))];
    const times = report.baseline ? (report.pages ?? []).flatMap((p) => [`page_blocking of ${p.name}`, `page_load of ${p.name}`]) : [];
    assert.equal(points.length, expected.length + budgets.length + k6.length + times.length + Number(nothing), name);
    times.forEach((time, i) => {
      const point = points[expected.length + budgets.length + k6.length + i];
      assert.deepEqual([point.name.trim(), point.ok], [time, judgement(report, time).verdict !== 'slower'], name);
    });
    const outcomes = points.slice(expected.length + budgets.length).filter((p) => /^(threshold|check): /.test(p.name));
    assert.deepEqual(outcomes.map((p) => p.ok).toSorted(), k6.map((outcome) => outcome.ok).toSorted(), name);
    if (nothing) assert.deepEqual([points.at(-1).ok, points.at(-1).name.trim()], [false, 'Nothing was fetched']);
    budgets.forEach((b, i) => {
      const point = points[expected.length + i];
      assert.equal(point.ok, b.broken === 0, b.check);
      assert.equal(point.name.trim(), `budget: ${b.check}`);
      assert.equal(point.diag.broken, b.broken);
      assert.deepEqual((point.diag.names ?? []).map((n) => n.name), b.names.map((n) => n.name));
    });
    expected.forEach((n, i) => {
      const point = points[i];
      const verdict = judgement(report, n.name)?.verdict;
      assert.equal(point.ok, n.failed + n.overBudget === 0 && !['slower', 'failing'].includes(verdict), n.name);
      assert.equal(point.diag.baseline?.verdict, verdict, n.name);
      assert.equal(Boolean(point.skip), n.count === n.notRun, n.name);
      assert.equal(point.todo, false, n.name);
      assert.equal(point.name.trim(), n.name.trim());
      assert.equal(point.diag.count, n.count);
      assert.equal((point.diag.budgets ?? []).length > 0, n.overBudget > 0, n.name);
      if (n.failed > 0) assert.deepEqual(point.diag.causes.map((c) => c.message), n.causes.map((c) => c.error));
    });
  }
});

test('a baseline is lines of JSON in the order of their bytes', () => {
  for (const name of names) {
    const text = read(name, 'jsonl');
    assert.ok(text.endsWith('\n'), name);
    const lines = text.slice(0, -1).split('\n');
    const bytes = lines.map((line) => Buffer.from(line));
    assert.deepEqual(bytes, bytes.toSorted(Buffer.compare), name);
    const [head, ...all] = lines.map((line) => JSON.parse(line));
    const rows = all.filter((row) => !/^page_(load|blocking) of /.test(row.name));
    assert.equal(all.length - rows.length, 2 * (document(name).pages?.length ?? 0), name);
    assert.deepEqual(head, { baseline: 1, title: document(name).title });
    const key = (n) => JSON.stringify([n.name, n.count - (n.fromCache ?? 0), n.failed, n.notRun]);
    assert.deepEqual(rows.map(key).toSorted(), document(name).names.map(key).toSorted(), name);
  }
});

// texts are the texts of some tokens of Markdown, whatever they are in.
const texts = (tokens) => tokens.map((t) => (t.tokens ? texts(t.tokens) : t.type === 'codespan' ? t.text : unescape(t.text))).join('');
const unescape = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&#64;', '@').replaceAll('&amp;', '&');

test('Markdown is parsed back', () => {
  for (const name of names) {
    const { names: expected, failures, budgets } = document(name);
    const tables = [];
    const inline = [];
    marked.walkTokens(marked.lexer(read(name, 'md'), { gfm: true }), (token) => {
      assert.ok(!['html', 'link', 'image', 'del'].includes(token.type), `${name}: ${token.type}: ${token.raw}`);
      if (token.type === 'table') tables.push(token);
      if (token.type === 'codespan') inline.push(token.text);
    });
    const byHeader = (first) => tables.find((t) => t.header[0].text === first);
    if (expected.length === 0) {
      assert.equal(tables.length, 0);
      continue;
    }
    if (budgets.length > 0) {
      const checks = byHeader('').rows;
      assert.equal(checks.length, budgets.length);
      checks.forEach((row, i) => {
        assert.equal(row.length, 6);
        assert.equal(texts(row[1].tokens), budgets[i].check);
        assert.equal(row[0].text, budgets[i].broken > 0 ? '❌' : '✅');
      });
    }
    const rows = byHeader('name').rows;
    assert.equal(rows.length, Math.min(100, expected.length), name);
    for (const row of rows) {
      const shown = texts(row[0].tokens);
      const found = expected.find((n) => (n.name.trim() || '(no name)') === shown.trim() || shown.endsWith('…') && n.name.startsWith(shown.slice(0, -1)));
      assert.ok(found, `${name}: there is no name ${JSON.stringify(shown)}`);
      assert.equal(row.length, 7);
    }
    if (failures.length > 0) {
      const reasons = byHeader('count').rows;
      assert.equal(reasons.length, Math.min(100, failures.length));
      reasons.forEach((row, i) => {
        assert.equal(row.length, 4);
        assert.equal(texts(row[2].tokens).trim(), failures[i].error.trim(), name);
      });
    }
  }
});
