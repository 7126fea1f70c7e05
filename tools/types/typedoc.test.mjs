// The pages that `make docs` writes: TypeDoc understands all of index.d.ts, and nothing in it lacks a description.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { Application, Logger, LogLevel, ReflectionKind } from "typedoc";

import { declaredNames } from "./names.mjs";

// Keeper keeps what TypeDoc complains of.
class Keeper extends Logger {
    complaints = [];

    log(message, level) {
        if (level >= LogLevel.Warn) {
            this.complaints.push(message);
        }
    }
}

test("TypeDoc runs over index.d.ts without warnings", async () => {
    const logger = new Keeper();
    const app = await Application.bootstrap({ options: fileURLToPath(new URL("typedoc.json", import.meta.url)) });
    app.logger = logger;
    const project = await app.convert();
    assert.ok(project, logger.complaints.join("\n"));
    app.validate(project);
    assert.deepEqual(logger.complaints, []);

    const found = (kind) => [...new Set(project.getReflectionsByKind(kind).map((one) => one.name))].sort();
    const declared = declaredNames();
    assert.deepEqual(found(ReflectionKind.Function), declared.Functions);
    assert.deepEqual(found(ReflectionKind.Class), declared.Classes);
    for (const signature of project.getReflectionsByKind(ReflectionKind.CallSignature)) {
        const { parent } = signature;
        if (parent.kind === ReflectionKind.Function) {
            assert.ok(signature.comment?.summary.length, `${parent.name}() has no description`);
        }
    }
});
