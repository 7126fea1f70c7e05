// What k6 has in its global scope and @types/k6 leaves to the browser's types, of which k6 has little else.

interface Console {
    debug(...data: unknown[]): void;
    error(...data: unknown[]): void;
    info(...data: unknown[]): void;
    log(...data: unknown[]): void;
    warn(...data: unknown[]): void;
}

declare const console: Console;
