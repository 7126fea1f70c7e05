// Links of documents lead somewhere: files and anchors are there, as GitHub names them.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

import GithubSlugger from "github-slugger";
import { lexer, walkTokens } from "marked";

import { documents, filesOf, root } from "./documents.mjs";

const read = (path) => readFileSync(resolve(root, path), "utf8");

// tokensOf are the tokens of a page, also those in lists and tables.
function tokensOf(path) {
    const all = [];
    walkTokens(lexer(read(path)), (token) => all.push(token));
    return all;
}

// linksOf are the links and pictures of a page, those written in HTML among them.
function linksOf(path) {
    return tokensOf(path).flatMap((token) => {
        if (token.type === "html") {
            return [...token.raw.matchAll(/\b(?:src|href)="([^"]*)"/g)].map((attribute) => attribute[1]);
        }
        return token.type === "link" || token.type === "image" ? [token.href] : [];
    });
}

// plain is the text of a heading without its marks.
const plain = (tokens) => tokens.map((token) => (token.tokens ? plain(token.tokens) : token.text)).join("");

const unescaped = (text) => text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const known = new Map();

function anchorsOf(path) {
    if (!known.has(path)) {
        const slugger = new GithubSlugger();
        const headings = tokensOf(path).filter((token) => token.type === "heading");
        known.set(path, new Set(headings.map((token) => slugger.slug(unescaped(plain(token.tokens))))));
    }
    return known.get(path);
}

// isThere reports whether a file or a folder exists under that name, also where the file system ignores case.
function isThere(path) {
    if (!existsSync(path)) {
        return false;
    }
    return path === root || readdirSync(dirname(path)).includes(basename(path)) && isThere(dirname(path));
}

for (const page of documents()) {
    test(`the links of ${page} lead somewhere`, () => {
        for (const href of linksOf(page)) {
            if (/^[a-z]+:/.test(href)) {
                continue;
            }
            const [path, anchor] = href.split("#");
            const target = path ? resolve(root, dirname(page), decodeURI(path)) : resolve(root, page);
            assert.ok(!relative(root, target).startsWith(".."), `${href} leaves the repository`);
            assert.ok(isThere(target), `${href} is not there`);
            if (anchor !== undefined) {
                assert.ok(statSync(target).isFile(), `${href} is an anchor in a folder`);
                assert.ok(anchorsOf(relative(root, target)).has(anchor), `${href} is no heading`);
            }
        }
    });
}

test("docs/README.md lists all pages of docs", () => {
    const linked = linksOf("docs/README.md");
    for (const page of filesOf("docs", ".md", true).map((path) => relative("docs", path))) {
        assert.ok(page === "README.md" || linked.includes(page), page);
    }
});

test("what the sources call by its path in docs is there", () => {
    let named = 0;
    const sources = [
        "index.d.ts", "Makefile", ".github/CODEOWNERS", ...filesOf("fetch", ".go", true), ...filesOf("fetch", ".js", true), ...filesOf("examples", ".js", true),
        ...filesOf("examples", ".go", true), ...filesOf("tools/bench", ".go"), ...filesOf("tools/types", ".mjs"), ...filesOf("tools/types", ".js"),
    ];
    for (const source of sources) {
        for (const [path] of read(source).matchAll(/\bdocs\/[\w./-]+\.(md|svg|png)\b/g)) {
            named++;
            assert.ok(isThere(join(root, path)), `${source}: ${path}`);
        }
    }
    assert.ok(named > 10);
});
