// What index.d.ts says must be what the module has, and what its uses (usage.ts), the examples and the README's scripts
// go by.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { declaredNames } from "./names.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(here, "../..");

// === Names ===

// Types that the module has no object for: what Params and Options share, what a script writes, what it cannot look
// into, and what it catches.
const typesAlone = ["Settings", "StatusRange", "ExpectedStatuses", "RunError"];

test("index.d.ts names what the module has, and nothing else", () => {
    const file = resolve(root, "fetch/internal/docs/testdata/names.json");
    const has = JSON.parse(readFileSync(file, "utf8"));
    const declared = declaredNames();
    for (const kind of ["Functions", "Classes", "Default"]) {
        assert.deepEqual(declared[kind], has[kind], kind);
    }
    for (const [name, values] of Object.entries(has.Literals)) {
        assert.deepEqual(declared.Literals[name], values, name);
    }
    const types = Object.entries(declared.Types).filter(([name]) => !typesAlone.includes(name));
    assert.deepEqual(Object.fromEntries(types), has.Types);
});

// === Compilation ===

// What fragments of the README take for granted, on one line.
const prelude = "import { check } from 'k6'; import http from 'k6/http'; import exec from 'k6/execution';"
    + " import { chunk, Client, compare, concurrent, csv, expectedStatuses, har, lines, print, report, sequential, sitemap, stream } from 'k6/x/fetch';"
    + " export async function fragment(/** @type {string[]} */ urls,"
    + " /** @type {import('k6/x/fetch').Run} */ run, /** @type {import('k6/x/fetch').Result} */ page) {";

// Each script and fragment of the README becomes a file of its own, with as many lines before it, so that a complaint
// names the line of the README.
function extractReadme() {
    const folder = resolve(root, "build/types");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const text = readFileSync(resolve(root, "README.md"), "utf8");
    for (const block of text.matchAll(/^```js( fragment)?\n(.*?)^```$/gms)) {
        const [, fragment, code] = block;
        const line = text.slice(0, block.index).split("\n").length;
        const before = "\n".repeat(line - 1) + (fragment ? prelude : "") + "\n";
        writeFileSync(resolve(folder, `README-line-${line}.js`), before + code + (fragment ? "}\n" : ""));
    }
}

// Runs the TypeScript compiler and returns the lines that it printed.
function tsc(...args) {
    const compiler = resolve(here, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [compiler, "-p", here, "--pretty", "false", ...args], {
        cwd: root,
        encoding: "utf8",
    });
    return (run.stdout + run.stderr).split("\n").filter(Boolean);
}

extractReadme();

const files = tsc("--listFilesOnly").map((file) => relative(root, resolve(root, file)))
    .filter((file) => !file.includes("node_modules"));

// A line that starts a complaint reads `file(line,column): error …`; those that go on are indented.
const complaints = new Map();
let file = "";
for (const line of tsc()) {
    file = /^(\S.*?)\(\d+,\d+\): /.exec(line)?.[1] ?? (line.startsWith(" ") ? file : "");
    complaints.set(file, [...(complaints.get(file) ?? []), line]);
}

for (const file of files) {
    test(`${file} compiles`, () => assert.equal((complaints.get(file) ?? []).join("\n"), ""));
}

test("nothing else is wrong", () => {
    for (const part of ["index.d.ts", "tools/types/usage.ts", "examples/first.js", "build/types/README"]) {
        assert.ok(files.some((file) => file.startsWith(part)), `${part} was not compiled`);
    }
    const others = [...complaints].filter(([file]) => !files.includes(file));
    assert.equal(others.map(([, lines]) => lines.join("\n")).join("\n"), "");
});
