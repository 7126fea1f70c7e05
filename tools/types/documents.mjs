// The pages that users read.

import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(fileURLToPath(new URL(".", import.meta.url)), "../..");

// documents are their paths from the root.
export function documents() {
    return [...filesOf(".", ".md"), ...filesOf(".github", ".md", true), ...filesOf("docs", ".md", true), ...filesOf("examples", ".md", true)];
}

// filesOf are the files of a folder whose names end in a certain way, from the root.
export function filesOf(folder, ending, recursive = false) {
    if (!existsSync(resolve(root, folder))) {
        return [];
    }
    return readdirSync(resolve(root, folder), { recursive }).filter((file) => file.endsWith(ending)).sort()
        .map((file) => join(folder, file));
}
