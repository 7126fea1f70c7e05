// The names that index.d.ts declares, in the form of the file that holds those of the module.

import { fileURLToPath } from "node:url";
import ts from "typescript";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

// Without methods that a type has of JavaScript itself, such as those of symbols.
const membersOf = (checker, type) =>
    checker.getPropertiesOfType(type).map((p) => p.name).filter((name) => !name.startsWith("__")).sort();

const literalsOf = (type) =>
    (type.isUnion() ? type.types : [type]).filter((t) => t.isStringLiteral()).map((t) => t.value).sort();

export function declaredNames() {
    const config = ts.readConfigFile(path("tsconfig.json"), ts.sys.readFile).config;
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, path("."));
    const checker = ts.createProgram([path("../../index.d.ts")], options).getTypeChecker();
    const module = checker.getAmbientModules().find((m) => m.name === '"k6/x/fetch"');
    const names = { Functions: [], Classes: [], Default: [], Types: {}, Literals: {} };

    for (const symbol of checker.getExportsOfModule(module)) {
        if (symbol.name === "default") {
            const value = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
            names.Default = membersOf(checker, checker.getTypeOfSymbol(value));
        }
        if (symbol.flags & ts.SymbolFlags.Function) {
            names.Functions.push(symbol.name);
        }
        if (symbol.flags & ts.SymbolFlags.Class) {
            names.Classes.push(symbol.name);
        }
        if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) {
            const type = checker.getDeclaredTypeOfSymbol(symbol);
            names.Types[symbol.name] = membersOf(checker, type);
            for (const property of checker.getPropertiesOfType(type)) {
                const type = checker.getTypeOfSymbol(property);
                const literals = literalsOf(checker.getNonNullableType(type.getDefault() ?? type));
                if (literals.length > 1) {
                    names.Literals[`${symbol.name}.${property.name}`] = literals;
                }
            }
        }
    }
    names.Functions.sort();
    names.Classes.sort();
    return names;
}
