// Prints the names that index.d.ts declares, as JSON, for a test to compare with those of the module.

import { fileURLToPath } from "node:url";
import ts from "typescript";

const config = fileURLToPath(new URL("tsconfig.json", import.meta.url));
const root = fileURLToPath(new URL("../../index.d.ts", import.meta.url));
const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, ts.sys.readFile).config,
    ts.sys,
    fileURLToPath(new URL(".", import.meta.url)),
);
const program = ts.createProgram([root], options);
const checker = program.getTypeChecker();

const module = checker.getAmbientModules().find((m) => m.name === '"k6/x/fetch"');
if (!module) {
    throw new Error("index.d.ts declares no module k6/x/fetch");
}

// Sorted, with methods that a type has of JavaScript itself, such as those of symbols, left out.
const membersOf = (type) => checker.getPropertiesOfType(type).map((p) => p.name).filter((n) => !n.startsWith("__")).sort();

const literalsOf = (type) => (type.isUnion() ? type.types : [type]).filter((t) => t.isStringLiteral()).map((t) => t.value).sort();

const names = { functions: [], classes: [], default: [], types: {}, literals: {} };
for (const symbol of checker.getExportsOfModule(module)) {
    const declared = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (declared.flags & ts.SymbolFlags.Function) {
        names.functions.push(symbol.name);
    }
    if (declared.flags & ts.SymbolFlags.Class) {
        names.classes.push(symbol.name);
    }
    if (declared.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) {
        const type = checker.getDeclaredTypeOfSymbol(declared);
        names.types[symbol.name] = membersOf(type);
        for (const property of checker.getPropertiesOfType(type)) {
            const literals = literalsOf(checker.getNonNullableType(checker.getTypeOfSymbol(property)));
            if (literals.length > 1) {
                names.literals[`${symbol.name}.${property.name}`] = literals;
            }
        }
    }
    if (symbol.name === "default") {
        names.default = membersOf(checker.getTypeOfSymbol(declared));
    }
}
names.functions.sort();
names.classes.sort();
console.log(JSON.stringify(names, null, 2));
