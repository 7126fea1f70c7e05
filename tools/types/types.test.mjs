// What index.d.ts says must be what the module has, and what its uses (usage.ts) go by. The examples, the scripts of the
// documents and those in the comments of index.d.ts must compile as they do for whoever does what docs/api.md says.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { documents, filesOf, root } from "./documents.mjs";
import { declaredNames } from "./names.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

// === Names ===

// Types that the module has no object for: what Params and Options share, what a script writes, what it cannot look
// into, and what it catches.
const typesAlone = ["Settings", "StatusRange", "ExpectedStatuses", "RunError"];

test("index.d.ts names what the module has, and nothing else", () => {
    const file = resolve(root, "fetch/internal/e2e/documents/testdata/names.json");
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

// What fragments take for granted, on one line. They are in a block of their own, so that they may use its names anew.
const prelude = "import { check, group } from 'k6'; import http from 'k6/http'; import exec from 'k6/execution';"
    + ` import { ${declaredNames().Functions.join(", ")}, Client } from 'k6/x/fetch';`
    + " export async function fragment(/** @type {string[]} */ urls,"
    + " /** @type {import('k6/x/fetch').Run} */ run, /** @type {import('k6/x/fetch').Result} */ page,"
    + " /** @type {import('k6/x/fetch').Visit} */ visit) {{";

// Fragments of a document are marked as such: a script has its imports, as its reader will copy it.
const fence = /^```js( fragment)?\n(.*?)^```$/gms;

// An example of a declaration is what stands between its tag and the next one, or the end of the comment, with a fence or
// without. What imports or exports something is a script.
const examples = /@example\n(.*?)(?=^ *\* @|^ *\*\/)/gms;

const lineOf = (text, index) => text.slice(0, index).split("\n").length;

const asScript = (code, fragment) => (fragment ? prelude : "") + "\n" + code + (fragment ? "}}\n" : "");

// scripts yields name, line and text of each script and fragment in the documents and in the comments of index.d.ts.
function* scripts() {
    for (const document of documents()) {
        const text = readFileSync(resolve(root, document), "utf8");
        for (const block of text.matchAll(fence)) {
            const [, fragment, code] = block;
            yield { of: document, line: lineOf(text, block.index), text: asScript(code, fragment) };
        }
    }
    const declarations = readFileSync(resolve(root, "index.d.ts"), "utf8");
    for (const example of declarations.matchAll(examples)) {
        const code = example[1].replaceAll(/^ *\* ?/gm, "").replaceAll(/^```(js)?$/gm, "");
        yield {
            of: "index.d.ts",
            line: lineOf(declarations, example.index),
            text: asScript(code, !/^(import|export) /m.test(code)),
        };
    }
}

// The folder of someone who does what docs/api.md says: its jsconfig.json, index.d.ts and @types/k6, beside their scripts,
// which are those of the documents, the examples and some with mistakes. A script of a document has as many lines before it as there, so that
// a complaint names the line of the document.
function setUp() {
    const folder = resolve(root, "build/types");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(resolve(folder, "node_modules"), { recursive: true });
    symlinkSync(resolve(here, "node_modules/@types"), resolve(folder, "node_modules/@types"));
    copyFileSync(resolve(root, "index.d.ts"), resolve(folder, "index.d.ts"));
    const api = readFileSync(resolve(root, "docs/api.md"), "utf8");
    writeFileSync(resolve(folder, "jsconfig.json"), /`jsconfig\.json`:\n\n```json\n(.*?)```/s.exec(api)[1]);
    for (const { of, line, text } of scripts()) {
        writeFileSync(resolve(folder, `${flat(of)}-line-${line}.js`), "\n".repeat(line - 1) + text);
    }
    const forBrowsers = (path) => path.startsWith(join("examples", "server"));
    for (const script of [...filesOf("examples", ".js", true).filter((path) => !forBrowsers(path)), ...filesOf("tools/types", ".js")]) {
        copyFileSync(resolve(root, script), resolve(folder, flat(script)));
    }
    return resolve(folder, "jsconfig.json");
}

// flat is the name of a file whose folders do not matter.
const flat = (path) => path.replaceAll(/[\\/]/g, "-");

// Runs the TypeScript compiler and returns the lines that it printed.
function tsc(project, ...args) {
    const compiler = resolve(here, "node_modules/typescript/bin/tsc");
    const run = spawnSync(process.execPath, [compiler, "-p", project, "--pretty", "false", ...args], {
        cwd: root,
        encoding: "utf8",
    });
    return (run.stdout + run.stderr).split("\n").filter(Boolean);
}

// Tests that each file of a project compiles, among them those whose names begin as given, and that nothing else is wrong.
function testProject(project, among) {
    const files = tsc(project, "--listFilesOnly").map((file) => relative(root, resolve(root, file)))
        .filter((file) => !file.includes("node_modules"));

    // A line that starts a complaint reads `file(line,column): error …`; those that go on are indented.
    const complaints = new Map();
    let file = "";
    for (const line of tsc(project)) {
        file = /^(\S.*?)\(\d+,\d+\): /.exec(line)?.[1] ?? (line.startsWith(" ") ? file : "");
        complaints.set(file, [...(complaints.get(file) ?? []), line]);
    }

    for (const file of files) {
        test(`${file} compiles`, () => assert.equal((complaints.get(file) ?? []).join("\n"), ""));
    }
    test(`nothing else is wrong by ${relative(root, project)}`, () => {
        for (const part of among) {
            assert.ok(files.some((file) => file.startsWith(part)), `${part} was not compiled`);
        }
        const others = [...complaints].filter(([file]) => !files.includes(file));
        assert.equal(others.map(([, lines]) => lines.join("\n")).join("\n"), "");
    });
}

testProject(resolve(here, "tsconfig.json"), ["index.d.ts", "tools/types/usage.ts"]);
testProject(
    setUp(),
    ["index.d.ts", "README.md-line", "docs-api.md-line", "index.d.ts-line", "examples-first.js", "examples-cluster-script.js",
        "tools-types-mistakes.js"]
        .map((file) => `build/types/${file}`),
);

// === Errors that editors show ===

// What stands in docs/troubleshooting.md as the error of an editor is what the compiler says of such a script.
test("docs/troubleshooting.md has the errors of editors as they are", () => {
    const page = readFileSync(resolve(root, "docs/troubleshooting.md"), "utf8");
    const section = /\n## In an editor\n(.*?)\n## /s.exec(page)[1];
    const titles = [...section.matchAll(/^### `(.*)`$/gm)].map((title) => title[1]);
    assert.equal(titles.length, 2);

    const folder = resolve(root, "build/types-errors");
    const script = "import { concurrent } from 'k6/x/fetch';\n"
        + "export default async function () {\n  const run = await concurrent(['https://a.example.com/']);\n"
        + "  console.log(run.results[0].body.length);\n}\n";
    const said = ["without", "with"].map((how) => {
        const place = resolve(folder, how);
        rmSync(place, { recursive: true, force: true });
        mkdirSync(resolve(place, "node_modules"), { recursive: true });
        symlinkSync(resolve(here, "node_modules/@types"), resolve(place, "node_modules/@types"));
        copyFileSync(resolve(root, "build/types/jsconfig.json"), resolve(place, "jsconfig.json"));
        if (how === "with") copyFileSync(resolve(root, "index.d.ts"), resolve(place, "index.d.ts"));
        writeFileSync(resolve(place, "script.js"), script);
        return tsc(resolve(place, "jsconfig.json")).join("\n");
    }).join("\n");
    for (const title of titles) {
        assert.ok(said.includes(title), `${title} is not in ${said}`);
    }
});
