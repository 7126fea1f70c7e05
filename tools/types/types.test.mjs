// What index.d.ts says must be what the module has, and what all examples and the README's snippets go by.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { declaredNames } from "./names.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

function compile(project) {
    try {
        execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "--pretty", "false", "--project", project], {
            cwd: here,
            encoding: "utf8",
        });
    } catch (e) {
        assert.fail(e.stdout || e.message);
    }
}

test("index.d.ts, its uses and the examples compile", () => compile("tsconfig.json"));

// Types that the module has no object for: what Params and Options share, what a script writes, what it cannot look
// into, and what it catches.
const typesAlone = ["Settings", "StatusRange", "ExpectedStatuses", "RunError"];

test("index.d.ts names what the module has, and nothing else", () => {
    const has = JSON.parse(readFileSync(path("../../fetch/internal/docs/testdata/names.json"), "utf8"));
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

test("the snippets of README.md compile", () => {
    const dir = mkdtempSync(join(here, "snippets-"));
    try {
        const snippets = [...readFileSync(path("../../README.md"), "utf8").matchAll(/^```js( fragment)?\n(.*?)^```$/gms)];
        assert.notEqual(snippets.length, 0);
        for (const [i, [, fragment, code]] of snippets.entries()) {
            const file = fragment ? prelude + code + "}\n" : code;
            writeFileSync(join(dir, `snippet-${i + 1}.js`), file);
        }
        const config = { extends: "../tsconfig.json", include: ["../../../index.d.ts", "../globals.d.ts", "*.js"] };
        writeFileSync(join(dir, "tsconfig.json"), JSON.stringify(config));
        compile(join(dir, "tsconfig.json"));
    } finally {
        rmSync(dir, { recursive: true });
    }
});

// What fragments of the README take for granted, on one line, so that errors are off by one only.
const prelude = `import { check } from 'k6'; import http from 'k6/http';\
 import { Client, compare, concurrent, expectedStatuses, sequential, stream } from 'k6/x/fetch';\
 export async function fragment(/** @type {string[]} */ urls,\
 /** @type {import('k6/x/fetch').Run} */ run, /** @type {import('k6/x/fetch').Result} */ page) {\n`;
