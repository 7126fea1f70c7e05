// What index.d.ts says must be what the module has, and what its uses (usage.ts), the examples and the README's scripts
// go by.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

// Runs the TypeScript compiler and returns what it complains about, by file. A line that starts a complaint reads
// `file(line,column): error …`; those that go on are indented.
function tsc(...args) {
    const compiler = resolve(here, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [compiler, "--pretty", "false", "--noEmit", ...args], {
        cwd: root,
        encoding: "utf8",
    });
    const complaints = new Map();
    let file = "";
    for (const line of (run.stdout + run.stderr).split("\n").filter(Boolean)) {
        file = /^(\S.*?)\(\d+,\d+\): /.exec(line)?.[1] ?? (line.startsWith(" ") ? file : "");
        complaints.set(file, [...(complaints.get(file) ?? []), line]);
    }
    return complaints;
}

const all = (complaints) => [...complaints.values()].flat().join("\n");

test("the uses of the types compile, and what is no use of them does not", () => {
    assert.equal(all(tsc("-p", here)), "");
});

// === What the documents show, in the folder of a user ===

// The folder that the README describes: index.d.ts next to the scripts, @types/k6, and the README's own jsconfig.json.
const user = resolve(root, "build/types");
const readme = readFileSync(resolve(root, "README.md"), "utf8");
const declarations = readFileSync(resolve(root, "index.d.ts"), "utf8");

// What fragments take for granted, on one line.
const names = JSON.parse(readFileSync(resolve(root, "fetch/internal/docs/testdata/names.json"), "utf8"));
const prelude = "import { check } from 'k6'; import http from 'k6/http'; import exec from 'k6/execution';"
    + ` import { ${[...names.Functions, ...names.Classes].join(", ")} } from 'k6/x/fetch';`
    + " export async function fragment(/** @type {string[]} */ urls,"
    + " /** @type {import('k6/x/fetch').Run<'text'>} */ run, /** @type {import('k6/x/fetch').Result<'text'>} */ page) {";

// write makes a file of a snippet, with as many lines before it as in its document, so that a complaint names the line.
function write(document, line, code, isFragment) {
    const before = "\n".repeat(line - 1) + (isFragment ? prelude : "") + "\n";
    const file = `${document}-line-${line}.js`;
    writeFileSync(resolve(user, file), before + code + (isFragment ? "\n}\n" : ""));
    return file;
}

const lineOf = (text, index) => text.slice(0, index).split("\n").length;

function readmeSnippets() {
    return [...readme.matchAll(/^```js( fragment)?\n(.*?)^```$/gms)]
        .map((block) => write("README", lineOf(readme, block.index), block[2], Boolean(block[1])));
}

// An example of a hover is a script if it imports or exports something, and else a fragment.
function hovers() {
    const files = [];
    for (const comment of declarations.matchAll(/^ *\/\*\*\n(.*?)^ *\*\/$/gms)) {
        for (const example of comment[1].matchAll(/^ *\* @example\n(.*?)(?=^ *\* @|$(?![\s\S]))/gms)) {
            const code = example[1].replace(/^ *\* ?/gm, "").replace(/^```(js)?\n/gm, "");
            const line = lineOf(declarations, comment.index + comment[0].indexOf(example[0])) + 1;
            const needsNames = !/^import /m.test(code);
            const isScript = /^(import|export) /m.test(code);
            const given = isScript && needsNames ? prelude.slice(0, prelude.indexOf(" export")) + " " : "";
            files.push(write("index.d.ts", line, given + code, !isScript));
        }
    }
    return files;
}

function prepare() {
    rmSync(user, { recursive: true, force: true });
    mkdirSync(resolve(user, "node_modules"), { recursive: true });
    symlinkSync(resolve(here, "node_modules/@types"), resolve(user, "node_modules/@types"));
    writeFileSync(resolve(user, "index.d.ts"), declarations);
    const config = /list it in `jsconfig\.json`:\n\n```json\n(.*?)^```$/ms.exec(readme)[1];
    writeFileSync(resolve(user, "jsconfig.json"), config);
    const examples = readdirSync(resolve(root, "examples")).filter((name) => name.endsWith(".js"));
    for (const name of examples) {
        writeFileSync(resolve(user, name), readFileSync(resolve(root, "examples", name)));
    }
    return { README: readmeSnippets(), "index.d.ts": hovers(), examples };
}

const documents = prepare();
const complaints = tsc("-p", resolve(user, "jsconfig.json"));

for (const [document, files] of Object.entries(documents)) {
    for (const file of files) {
        test(`${file} of ${document} compiles`, () => {
            assert.equal((complaints.get(relative(root, resolve(user, file))) ?? []).join("\n"), "");
        });
    }
}

test("nothing else is wrong, and nothing was left out", () => {
    assert.ok(documents.README.length >= 15 && documents["index.d.ts"].length >= 12 && documents.examples.length >= 14);
    const known = Object.values(documents).flat().map((file) => relative(root, resolve(user, file)));
    assert.equal(all(new Map([...complaints].filter(([file]) => !known.includes(file)))), "");
});
