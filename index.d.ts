/**
 * Types of the k6 extension `k6/x/fetch`, to be used beside `@types/k6`.
 *
 * Times are in milliseconds with a fraction, unless something else is said.
 */
declare module "k6/x/fetch" {
    import { JSONValue } from "k6";
    import { Selection } from "k6/html";
    import {
        AuthMethod,
        CipherSuite,
        CookieJar,
        expectedStatuses as k6ExpectedStatuses,
        ParamsCookieValue,
        Protocol,
        RequestBody,
        RequestCookie,
        ResponseType,
        url as k6URL,
    } from "k6/http";

    // === Functions ===

    /**
     * Fetches the targets one at a time, in their order.
     *
     * A target that fails is a result that says so; the others go on. The promise rejects with a `TypeError`, before
     * anything is sent, for invalid targets or options, and with an `Error` that carries `.run` at the
     * end where `throw` was asked for. In the init context it throws.
     *
     * @param targets - What to fetch. An empty list is an empty run.
     * @param options - How. `concurrency` is read and ignored: it is 1.
     *
     * @example
     * import { print, sequential } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const run = await sequential(['https://a.example.com/', 'https://b.example.com/']);
     *   print(run);
     * }
     */
    export function sequential<RT extends ResponseType = "none">(
        targets: Targets,
        options?: Options<RT>,
    ): Promise<Run<RT>>;

    /**
     * Fetches the targets through a pool of `concurrency` workers. The results are in the order of the targets.
     *
     * Errors are those of {@link sequential}.
     *
     * @param targets - What to fetch. An empty list is an empty run.
     * @param options - How; by default 20 at once, 6 of them to one host, as k6's options `batch` and `batchPerHost`.
     *
     * @example
     * import { check } from 'k6';
     * import { concurrent } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const run = await concurrent(['https://a.example.com/', 'https://b.example.com/'], { concurrency: 10 });
     *   check(run, { 'all pages answered': (r) => r.failed === 0 });
     * }
     */
    export function concurrent<RT extends ResponseType = "none">(
        targets: Targets,
        options?: Options<RT>,
    ): Promise<Run<RT>>;

    /**
     * Fetches the same targets both ways, sequentially and concurrently, and returns how they compare.
     *
     * A warm-up round that is not measured comes first, so that neither way pays for look-ups and connections; then
     * `rounds` rounds, which alternate which way goes first. The comparison shows the round of the median speed-up.
     *
     * Errors are those of {@link sequential}, except that `.run` of the error is the comparison.
     *
     * @param targets - What to fetch.
     * @param options - How, `rounds` and `warmup` among it.
     *
     * @example
     * import { compare, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const c = await compare(['https://a.example.com/', 'https://b.example.com/'], { rounds: 3 });
     *   print(c);
     * }
     */
    export function compare<RT extends ResponseType = "none">(
        targets: Targets,
        options?: CompareOptions<RT>,
    ): Promise<Comparison<RT>>;

    /**
     * Fetches the same targets in several ways, each with a name and options of its own, and returns how they compare:
     * versions of HTTP, limits, or two servers.
     *
     * A warm-up round that is not measured comes first; then `rounds` rounds, each of which begins with another way. Of
     * two ways, both runs of the result are of the round of the median speed-up; of more, each way has the run of its own
     * median time.
     *
     * Samples are tagged `mode` with the name of their way, and reports call it so.
     *
     * Errors are those of {@link sequential}, except that `.run` of the error is the comparison.
     *
     * @typeParam Name - What the ways are called.
     *
     * @param targets - What to fetch. Each way has all of them.
     * @param ways - Two to eight ways.
     * @param options - What they have in common, `rounds` and `warmup` among it.
     *
     * @example
     * import { compare, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const c = await compare(['https://a.example.com/', 'https://b.example.com/'], [
     *     { name: 'h1', httpVersion: '1.1' },
     *     { name: 'h2', httpVersion: '2' },
     *   ]);
     *   print(c);
     *   console.log(`${c.fastest} was the fastest, in ${c.ways[c.fastest].elapsed} ms`);
     * }
     */
    export function compare<Name extends string, RT extends ResponseType = "none">(
        targets: Targets,
        ways: readonly Way<Name, RT>[],
        options?: CompareOptions<RT>,
    ): Promise<WaysComparison<Name, RT>>;

    /**
     * Fetches the targets like {@link concurrent}, and hands each result over as it ends. Results that nobody asks for
     * are kept up to `concurrency`; then the workers wait.
     *
     * It returns at once. It throws a `TypeError` for invalid targets or options, and in the init context.
     * `throw` has no effect. `onResult` is called as `next()` hands a result over.
     *
     * @param targets - What to fetch.
     * @param options - How.
     *
     * @example
     * import { print, stream } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const pages = stream(['https://a.example.com/', 'https://b.example.com/']);
     *   for (let item = await pages.next(); !item.done; item = await pages.next()) {
     *     console.log(`${item.value.url} took ${item.value.timings.elapsed} ms`);
     *   }
     *   print(pages.summary());
     * }
     */
    export function stream<RT extends ResponseType = "none">(
        targets: Targets,
        options?: Options<RT>,
    ): Stream<RT>;

    /**
     * The four functions with options of their own as defaults, and with connections of their own. What a call is given
     * wins over the client's options; `headers`, `cookies` and `tags` of both are put together.
     *
     * It can be made in the init context, where every VU makes its own; its methods cannot be called there.
     *
     * @typeParam Default - The `responseType` of its options, for calls that have none.
     *
     * @example
     * import { Client } from 'k6/x/fetch';
     *
     * const api = new Client({ baseURL: 'https://api.example.com/v1/', headers: { Accept: 'application/json' } });
     *
     * export default async function () {
     *   const run = await api.concurrent(['users', 'orders', '/health']);
     *   console.log(run.get(0)?.url); // https://api.example.com/v1/users
     * }
     */
    export class Client<Default extends ResponseType = "none"> {
        /**
         * @param options - Defaults for every call.
         * @throws TypeError for an invalid option.
         */
        constructor(options?: ClientOptions<Default>);

        /** As the function {@link sequential}. */
        sequential<RT extends ResponseType = Default>(
            targets: Targets,
            options?: Options<RT>,
        ): Promise<Run<RT>>;

        /** As the function {@link concurrent}. */
        concurrent<RT extends ResponseType = Default>(
            targets: Targets,
            options?: Options<RT>,
        ): Promise<Run<RT>>;

        /** As the function {@link compare}. */
        compare<RT extends ResponseType = Default>(
            targets: Targets,
            options?: CompareOptions<RT>,
        ): Promise<Comparison<RT>>;

        /** As the function {@link compare} of ways. */
        compare<Name extends string, RT extends ResponseType = Default>(
            targets: Targets,
            ways: readonly Way<Name, RT>[],
            options?: CompareOptions<RT>,
        ): Promise<WaysComparison<Name, RT>>;

        /** As the function {@link stream}. */
        stream<RT extends ResponseType = Default>(targets: Targets, options?: Options<RT>): Stream<RT>;

        /**
         * Closes the client's connections; those in use when the runs that use them have ended. The client can go on, with
         * new ones. A client that was made in an iteration closes its connections with that iteration by itself; one that
         * was made in the init context keeps them as long as its VU lives.
         */
        close(): void;
    }

    /**
     * Makes a value for the option `expectedStatuses`. It can be called in the init context.
     *
     * @param statuses - The statuses that count as a success: numbers and ranges, limits included.
     * @throws TypeError without a status, or for what is none.
     *
     * @example
     * import { concurrent, expectedStatuses } from 'k6/x/fetch';
     *
     * const found = expectedStatuses({ min: 200, max: 299 }, 304);
     *
     * export default async function () {
     *   await concurrent(['https://a.example.com/'], { expectedStatuses: found });
     * }
     */
    export function expectedStatuses(...statuses: [Status, ...Status[]]): ExpectedStatuses;

    // === Lists from files ===

    /**
     * Opens a text file with a URL on each line, plain or compressed with gzip. Empty lines are left out, and so are
     * comments: lines that begin with `#`, and what follows a `#` after a space.
     *
     * It can only be called in the init context, as `open()`, so that the file goes with the script into archives. The
     * file is gone through once, by the first VU; what is in it is read as a run gets to it, and no VU has a copy. In
     * metrics, the targets of a list are named by their hosts unless `name` says something else.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with lines that are no URL.
     * @throws Error with the file and the line for a line that is no URL.
     *
     * @example
     * import { concurrent, lines } from 'k6/x/fetch';
     *
     * const urls = lines('urls.txt');
     *
     * export default async function () {
     *   await concurrent(urls);
     * }
     */
    export function lines(path: string, options?: ListOptions): TargetList;

    /**
     * Opens a CSV file, plain or compressed with gzip. The bytes of quoted fields stay as they are; spaces around
     * unquoted ones are left out, but not those of bodies. A row may have 16 MiB. As {@link lines} in all else.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - Which columns hold what.
     *
     * @example
     * const targets = csv('requests.csv', { url: 'address', method: 'verb', name: 'page' });
     */
    export function csv(path: string, options?: CSVOptions): TargetList;

    /**
     * Opens an HTTP archive: the requests of a recorded page, with their headers and bodies. Headers that are for one
     * connection, such as Host and Content-Length, are left out. So is what is not HTTP, such as `data:` URLs,
     * WebSockets and tunnels, and requests without a response, which are counted. A body that was not recorded, and a
     * request of more than 16 MiB, are malformed. As {@link lines} in all else.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid entries.
     */
    export function har(path: string, options?: ListOptions): TargetList;

    /**
     * Fetches a sitemap, in `setup()` or an iteration, and the sitemaps that it leads to if it is an index, plain or
     * compressed with gzip, each with at most 64 MiB. Relative URLs go by the sitemap that has them, after redirects.
     * The promise rejects with an `Error` where one of them is not there or is none.
     *
     * @param url - URL of the sitemap.
     * @param options - What to do with invalid entries, and with sitemaps that cannot be fetched.
     *
     * @example
     * import { sitemap } from 'k6/x/fetch';
     *
     * export async function setup() {
     *   return { urls: await sitemap('https://a.example.com/sitemap.xml') };
     * }
     */
    export function sitemap(
        url: `http://${string}` | `https://${string}`,
        options?: ListOptions,
    ): Promise<TargetList>;

    /**
     * Opens a sitemap in a file. The sitemaps that an index leads to must be in the same folder, by the last part of
     * their URLs. An element in the wrong place is malformed; those of other namespaces do not count. As {@link lines}
     * in all else.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid entries.
     */
    export function sitemap(path: string, options?: ListOptions): TargetList;

    /** Options of the functions that open lists. */
    export interface ListOptions {
        /**
         * What to do with malformed entries: throw an error, or leave them out and count them. A file that cannot be
         * read to its end is an error in any case, but not one of the sitemaps of an index. Default: `'fail'`.
         */
        onError?: "fail" | "skip";
    }

    /** A column of a CSV file: its name in the first row, or its number from 0 in a file without such a row. */
    export type Column = string | number;

    /** Options of {@link csv}. Columns are given all by name, or all by number. */
    export interface CSVOptions extends ListOptions {
        /** Column of the URLs. Default: `'url'`. */
        url?: Column;
        /** Column of the HTTP methods. */
        method?: Column;
        /** Column of the names in metrics. */
        name?: Column;
        /** Column of the bodies. */
        body?: Column;
        /** Columns of headers, by the names of the headers. */
        headers?: { [name: string]: Column };
        /** What separates columns: one character. Default: `','`. */
        delimiter?: string;
        /** What lines to be left out begin with: one character. Default: none. */
        comment?: string;
    }

    /**
     * A list of targets in a file. It does not change: what makes another list of it leaves it as it is. Returned by
     * `setup()`, it becomes an array.
     */
    export interface TargetList {
        /** How many targets there are. */
        readonly length: number;
        /** How many entries were left out of the whole file: malformed ones, and what har() leaves out. */
        readonly skipped: number;
        /**
         * The targets for which a function returns true. It is called for each, in each VU: keep it for lists that are
         * not too long.
         */
        filter(keep: (target: { url: string; method: string; name: string }, index: number) => boolean): TargetList;
        /** Some targets, picked at random, in their order: the same ones for the same seed. Default seed: 0. */
        sample(n: number, seed?: number): TargetList;
        /** The targets from one index to before another; negative ones count from the end, as those of arrays do. */
        slice(from?: number, to?: number): TargetList;
        /** An array of the targets. Throws for a list with a binary body, which JSON cannot hold. */
        toJSON(): Target[];
    }

    // === Shares ===

    /** What can be divided: targets, and lists of whatever targets are made of. */
    export type Divisible = TargetList | readonly unknown[] | { readonly [name: string]: unknown };

    /**
     * How many chunks a list has: what a scenario's `iterations` must be for {@link chunk} to take each once. It can be
     * called in the init context.
     *
     * @param targets - A list, or an object of targets by name.
     * @param size - Targets in a chunk, at least 1.
     * @throws TypeError for anything else.
     */
    export function chunks(targets: Divisible, size: number): number;

    /**
     * The chunk that this iteration takes of a list, so that each is taken once: by whichever VU, on whichever instance
     * of a distributed test. Where there are more iterations than chunks, those left over get an empty list.
     *
     * It is for the executors `shared-iterations` and `per-vu-iterations`; on an instance with an
     * `--execution-segment`, also `--execution-segment-sequence` must be given.
     *
     * @param targets - A list, or an object of targets by name.
     * @param size - Targets in a chunk, as given to {@link chunks}.
     * @throws TypeError where parts of the list would be lost or taken twice, and outside the iterations of a scenario.
     *
     * @example
     * import { SharedArray } from 'k6/data';
     * import { chunk, chunks, concurrent } from 'k6/x/fetch';
     *
     * const urls = new SharedArray('urls', () => JSON.parse(open('urls.json')));
     *
     * export const options = {
     *   scenarios: { all: { executor: 'shared-iterations', vus: 10, iterations: chunks(urls, 100) } },
     * };
     *
     * export default async function () {
     *   await concurrent(chunk(urls, 100));
     * }
     */
    export function chunk<T extends Divisible>(targets: T, size: number): T;

    /**
     * What this instance of a distributed test takes of a list: a part as large as its segment. One iteration must take
     * it on each instance, as with `per-vu-iterations`, 1 iteration, and as many VUs as there are equal segments.
     *
     * @param targets - A list, or an object of targets by name.
     * @throws TypeError where parts of the list would be lost or taken twice, and outside the iterations of a scenario.
     */
    export function partition<T extends Divisible>(targets: T): T;

    /**
     * Writes a report about everything that this k6 has fetched until now, in all VUs. It is for `handleSummary`.
     *
     * @example
     * import { concurrent, report } from 'k6/x/fetch';
     *
     * export default async function () {
     *   await concurrent(['https://a.example.com/', 'https://b.example.com/']);
     * }
     *
     * export function handleSummary(data) {
     *   return { 'report.html': report('html', { k6: data }), stdout: report('text', { k6: data, colors: true }) };
     * }
     * @throws TypeError for a format or an option that there is not.
     */
    export function report(format: ReportFormat, options?: ReportOptions): string;

    /**
     * Writes the text of a run, a comparison or the summary of a stream, or a string, to standard output: whole, above
     * k6's progress bars, and with its line breaks, in a pipe as well. (k6 writes a `console.log` to its log, where
     * line breaks are escaped unless it goes to a terminal.) The last line is ended if it is not.
     *
     * @example
     * import { concurrent, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   print(await concurrent(['https://a.example.com/', 'https://b.example.com/']));
     * }
     * @throws TypeError for anything else, and an error in the init context or if standard output cannot be written.
     */
    export function print(what: { text(): string } | string): void;

    // === Targets ===

    /**
     * What to fetch: everything that `http.batch` takes, an array, a `SharedArray` among them, or an object of targets
     * by name; also another iterable, such as a generator or a `Set`, and a `Map` of targets by name; or a list from a
     * file. An array has at most 10,000,000 targets, and another iterable yields at most 1,000,000.
     *
     * Keys are what {@link Run.get} looks for, and the names of the targets in `fetch_*` metrics and reports.
     *
     * @example
     * const run = await concurrent({
     *   home: 'https://a.example.com/',
     *   item: http.url`https://a.example.com/item/${7}`,
     *   login: ['POST', 'https://a.example.com/login', { user: 'me' }, { timeout: '5s' }],
     *   search: { url: 'https://a.example.com/search', params: { headers: { Accept: 'text/html' } } },
     * });
     */
    export type Targets =
        | readonly Target[]
        | (Iterable<Target> & object)
        | { readonly [name: string]: Target }
        | ReadonlyMap<string, Target>
        | TargetList;

    /** One thing to fetch. */
    export type Target = URLTarget | ArrayTarget | ObjectTarget;

    /** A URL, or what `` http.url`…` `` makes, whose template becomes the name in metrics. */
    export type URLTarget = string | ReturnType<typeof k6URL>;

    /** `[method, url, body?, params?]`; the method goes out as it is written. */
    export type ArrayTarget = readonly [
        method: string,
        url: URLTarget,
        body?: RequestBody | null,
        params?: Params | null,
    ];

    /** `{ method?, url, body?, params? }` */
    export interface ObjectTarget {
        /** HTTP method; it goes out in capitals. Default: `'GET'`. */
        method?: string;
        /** Absolute, or relative to the `baseURL` of the `Client`. */
        url: URLTarget;
        /**
         * Body: as it is, or an object to be sent as a form, as browsers do. It is multipart if there is an `http.file`
         * in it or in one of its lists. Values are what `String()` makes of them; an object is a `TypeError`. Dropped for
         * GET and HEAD, as in `http.batch`.
         */
        body?: RequestBody | null;
        /** What is different for this target. */
        params?: Params | null;
    }

    // === Options ===

    /**
     * What can be said for one target, in its `params`, and for all, in the options of a call. `headers`, `cookies` and
     * `tags` of both are put together; of everything else the target's wins.
     */
    export interface Settings<RT extends ResponseType = ResponseType> {
        /**
         * How to answer with the credentials of the URL: `'basic'`, `'digest'` or `'ntlm'`. Default: basic. Digest and
         * NTLM send them to a server that asks for it. Where it asks for something else, its 401 is the result.
         */
        auth?: AuthMethod;
        /** How to compress the body of the request: `'gzip'`, `'deflate'`, `'br'`, `'zstd'`, or several with commas. */
        compression?: string;
        /** Cookies to send besides those of the jar; not to other hosts that a redirect leads to. */
        cookies?: { [name: string]: ParamsCookieValue };
        /** What counts as a success. Default: 200 to 399. */
        expectedStatuses?: ExpectedStatuses | Status | readonly Status[];
        /** Headers to send. */
        headers?: { [name: string]: string };
        /**
         * Version of HTTP, redirects included. Default: `'auto'`, what the server chooses with TLS, and HTTP/1.1 without.
         * `'1.1'` never uses HTTP/2. `'2'` uses nothing else: a server without it is a failed result, with
         * `error_code` 1600. With `http://`, `'2'` is HTTP/2 from the first byte (RFC 9113, section 3.3), which is
         * impossible through a proxy, for digest and NTLM, and with k6's `httpDebug`. Each version has its own connections.
         */
        httpVersion?: "auto" | "1.1" | "2";
        /**
         * Cookie jar; `null` for none. Default: the VU's. Targets that are fetched together see it as it was when the run
         * began, and what their own responses have set; it has the cookies of all responses when the run has ended.
         */
        jar?: CookieJar | null;
        /**
         * Most bytes of a body, decompressed where it is kept: past them the result fails and the rest is not read. A
         * number, or a string with a unit of B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (powers of 1024).
         * Default: `'10MB'` for `'text'` and `'binary'`, no bound for `'none'`.
         */
        maxBodySize?: string | number;
        /**
         * What metrics and reports call the target: `'url'`, `'host'`, `'path'`, a string in which `{host}`, `{path}`,
         * `{key}` and `{index}` stand for those of the target, or a function that is called once for each target before
         * the first is fetched. `key` is the name in an object or a `Map` of targets, else the index.
         *
         * Default: its URL; the host for targets of a list from a file. In `fetch_*` metrics and reports, but not in
         * k6's own metrics, the key comes before the URL.
         */
        name?: string | ((target: { url: string; method: string; index: number; key: string | number }) => string);
        /** How many redirects to follow; the next one is the response. Default: k6's option `maxRedirects` (10). */
        redirects?: number;
        /** What to keep of the body; with `'none'` it is read, counted and dropped. Default: `'none'`. */
        responseType?: RT;
        /** Tags for the metrics. */
        tags?: { [name: string]: string | number | boolean };
        /**
         * What makes the promise reject, after everything has ended: `true` for a target without an answer, as in k6,
         * `'failed'` for any failure, an unexpected status included. Default: k6's option `throw`.
         */
        throw?: boolean | "failed";
        /**
         * Bound on each attempt, redirects and body included, from the moment it may start: `'1m30s'` or milliseconds.
         * Default: `'60s'`.
         */
        timeout?: string | number;
    }

    /** The `params` of a target: those of k6/http, and more. */
    export interface Params extends Settings {
        /** What the target may cost, key by key instead of what the option `budget` says; `null` for no budget. */
        budget?: Budget | null;
        /** k6/http's: what `http.expectedStatuses()` makes, or `null` to judge nothing. See `expectedStatuses`. */
        responseCallback?: ReturnType<typeof k6ExpectedStatuses> | ExpectedStatuses | null;
    }

    /** Options of a call. An unknown name or a wrong value rejects with a `TypeError` that names it. */
    export interface Options<RT extends ResponseType = ResponseType> extends Settings<RT> {
        /**
         * What each target, all of them together and the run itself may cost. Each bound is a check of k6's: in its
         * summary, for thresholds, and in every report. A broken one is no failure. A `Client`'s hold where the call says
         * nothing else for the key; `null` for no budget.
         *
         * @example
         * await concurrent(urls, { budget: { elapsed: ['1s', 'p(95)<500'], status: 200, failed: 'rate<0.01' } });
         */
        budget?: RunBudget | null;
        /** Targets in flight at once, at least 1. Default: k6's option `batch` (20). */
        concurrency?: number;
        /**
         * Whose connections: `'vu'`, the VU's own, kept between iterations; `'shared'`, one pool for all VUs of this
         * k6, which share `perHost` as well; `'new'`, cold ones, closed at the end. Default: `'vu'`; a `Client`'s are its own.
         */
        connections?: "vu" | "shared" | "new";
        /**
         * Bound on the whole run, as a string (`'30s'`) or in milliseconds: what has not been sent by then is not run,
         * what is in flight is cut off and fails. Default: none.
         */
        deadline?: string | number;
        /**
         * Called on the event loop with each result as it ends, in the order of ending. What it throws ends the run and
         * rejects the promise. It must not wait for anything. A `stream` calls it as `next()` hands the result over.
         * With a list from a file, `run.results` is empty, so that nothing is kept of the list.
         */
        onResult?: (result: Result<RT>) => void;
        /** Targets in flight to one host; 0 for no limit. Default: k6's option `batchPerHost` (6). */
        perHost?: number;
        /** Starts per second, above 0. k6's option `rps` holds as well. Default: none. */
        rate?: number;
        /**
         * Further attempts after a connection error or a status of 429, 502, 503 or 504, where the method is
         * idempotent (not POST, not PATCH). Waits grow from 0.1 s, with jitter; `Retry-After` holds, up to 30 s.
         * Default: 0.
         */
        retries?: number;
    }

    /** Options of `compare`. */
    export interface CompareOptions<RT extends ResponseType = ResponseType>
        extends Options<RT>
    {
        /** How often to go each way, at least 1. Default: 1. */
        rounds?: number;
        /** Whether a round that is not measured comes first. Default: true. */
        warmup?: boolean;
    }

    /** A way of `compare`: its name, and options over those of the call. Results of all ways go to the call's `onResult`. */
    export interface Way<Name extends string = string, RT extends ResponseType = ResponseType>
        extends Omit<Options<RT>, "name" | "onResult">
    {
        /** What the way is called, up to 60 bytes. Names of targets are an option of the call. */
        name: Name;
        /** Absolute URL that relative ones are resolved against, by RFC 3986: end it with a slash. Default: none. */
        baseURL?: string;
    }

    /** Options of a `Client`. */
    export interface ClientOptions<RT extends ResponseType = ResponseType> extends CompareOptions<RT> {
        /** Absolute URL that relative ones are resolved against, by RFC 3986: end it with a slash. Default: none. */
        baseURL?: string;
    }

    /** A status, or all from `min` to `max`. */
    export type Status = number | StatusRange;

    /** All statuses from `min` to `max`, both included. */
    export interface StatusRange {
        min: number;
        max: number;
    }

    /** What {@link expectedStatuses} makes. */
    export interface ExpectedStatuses {
        readonly [expected]: true;
    }
    const expected: unique symbol;

    // === Budgets ===

    /**
     * A bound: a number for at most that, or a string with an operator of k6's thresholds, `'<500'`, `'>=1'`. Times are in
     * milliseconds, or have a unit: `'500ms'`, `'<1.5s'`; so have sizes: `'100kB'`. Several must all hold, and `null`
     * takes one away that was there.
     */
    export type Bound = number | string | readonly (number | string)[] | null;

    /**
     * What a target may cost. One that was not answered breaks every check but those of `queued` and `attempts`; one that
     * was not run is not judged.
     */
    export interface Budget {
        /** From leaving the queue to the end of the body. */
        elapsed?: Bound;
        /** From the start of the run until it might start. */
        queued?: Bound;
        /** Waiting for a connection, its making included. */
        blocked?: Bound;
        /** Resolving the name of the host. */
        looking_up?: Bound;
        /** Connecting to the host. */
        connecting?: Bound;
        /** TLS handshake. */
        tls_handshaking?: Bound;
        /** Writing the request. */
        sending?: Bound;
        /** From the last byte sent to the first byte received. */
        waiting?: Bound;
        /** From the first byte received to the end of the body. */
        receiving?: Bound;
        /** `sending + waiting + receiving`. */
        duration?: Bound;
        /** Bytes of the body, as they come. */
        bytes?: Bound;
        /** Statuses, as in `expectedStatuses`. */
        status?: ExpectedStatuses | Status | readonly Status[] | null;
        /** How often it was asked for. */
        attempts?: Bound;
    }

    /**
     * What a run may cost: its targets each, and itself. A string for a time may also be an expression of k6's thresholds,
     * over all results that ran: `'avg<200'`, `'min>1'`, `'med<100'`, `'max<1s'`, `'p(95)<500'`. If none of them was
     * answered, those are broken.
     */
    export interface RunBudget extends Budget {
        /** Targets that failed: how many, or `'rate<0.01'` of those that ran, or `'count<=3'`. */
        failed?: Bound;
        /** Targets that were not run: how many, or `'rate<0.01'` of all, or `'count<=3'`. */
        not_run?: Bound;
        /** Wall-clock time of the run. */
        run_elapsed?: Bound;
        /** `speedup` of the run. A number is what it must reach at least. */
        speedup?: Bound;
        /** HTTP requests made, redirects and retries included. */
        requests?: Bound;
    }

    /** What became of one bound of a budget. */
    export interface Verdict {
        /** The name of the check, the same for all targets: `'elapsed <= 500 ms'`, `'p(95) of elapsed < 500 ms'`. */
        readonly check: string;
        /** Whether it held. */
        readonly ok: boolean;
        /** What was judged, in milliseconds, bytes or a number; `null` if there was no answer to judge. */
        readonly value: number | null;
    }

    // === Run ===

    /** Which function a run comes from. */
    export type Mode = "sequential" | "concurrent" | "stream";

    /**
     * What became of a list of targets.
     *
     * `count` is always `ok + failed + notRun`.
     *
     * @typeParam M - Which function made it, or the name of its way.
     */
    export interface Run<RT extends ResponseType = ResponseType, M extends string = Mode> {
        /** Which function made it; in a comparison of ways, the name of the way. */
        readonly mode: M;
        /** The pool it ran with. */
        readonly concurrency: number;
        /** Wall-clock time of the run, in ms. */
        readonly elapsed: number;
        /** Sum of the results' `timings.elapsed`, in ms: about what one after another would have taken. */
        readonly total: number;
        /** `total / elapsed`; 0 if nothing ran. */
        readonly speedup: number;
        /** Most targets in flight at once. */
        readonly peak: number;
        /** Targets. */
        readonly count: number;
        /** Targets answered with an expected status. */
        readonly ok: number;
        /** Targets that failed: no answer, an unexpected status, or a body too large. */
        readonly failed: number;
        /** Targets of which no request was sent, because of the deadline or the end of the iteration. */
        readonly notRun: number;
        /** HTTP requests made, redirects and retries included. */
        readonly requests: number;
        /** Bytes of the bodies, as they came. */
        readonly bytes: number;
        /** Targets that broke their budget. */
        readonly overBudget: number;
        /** What became of the budget of the run itself; empty without one. */
        readonly budget: readonly Verdict[];
        /**
         * One for each target, in the order of the targets; empty in the summary of a stream.
         *
         * The array cannot be changed, and its elements are made when they are looked at:
         * `run.results[0] !== run.results[0]`. Keep one in a variable to compare it; make a copy to sort:
         * `[...run.results].sort(…)`.
         */
        readonly results: readonly Result<RT>[];
        /**
         * The result of a key: the name of the target, or its index in a list. `undefined` if there is none.
         *
         * @example
         * const run = await concurrent({ home: 'https://a.example.com/' });
         * console.log(run.get('home')?.status);
         */
        get(key: string | number): Result<RT> | undefined;
        /**
         * The results that took longest, the slowest first, without those that were not run.
         *
         * @param n - How many. Default: 1.
         * @example
         * for (const page of run.slowest(3)) console.log(page.url, page.timings.elapsed);
         */
        slowest(n?: number): Result<RT>[];
        /**
         * The results that failed, in the order of the targets.
         *
         * @example
         * for (const page of run.failures()) console.log(page.name, page.error || page.status);
         */
        failures(): Result<RT>[];
        /**
         * A percentile of a time, in ms, over the results that ran, interpolated as k6's trends do; 0 if none ran.
         *
         * @param p - From 0 to 100.
         * @param timing - Which time. Default: `'elapsed'`.
         * @throws TypeError for anything else.
         * @example
         * const slow = run.percentile(95, 'waiting');
         */
        percentile(p: number, timing?: keyof Timings): number;
        /**
         * A line for each target, its time and a bar, a line with the total, and one for each check of a budget. The
         * longest bar is the slowest target's. Of more than 50 targets it has those that failed and the 20 slowest others.
         * It ends with a newline.
         */
        text(): string;
        /** Writes a report about this run. In `'csv'` and `'har'` it has each result. */
        report(format: ReportFormat, options?: ReportOptions): string;
        /** Plain objects, without headers and bodies: what `JSON.stringify(run)` shows and `setup()` can return. */
        toJSON(): RunRecord<M>;
    }

    // === Result ===

    /** How far a target got: answered as expected, answered otherwise or not at all, or never sent. */
    export type State = "done" | "failed" | "not_run";

    /**
     * The record of one target. It has what k6's `Response` has, except `html()`, `clickLink()` and `submitForm()`, so
     * that checks port unchanged.
     *
     * It is made when it is looked at, and so are its values: a change to it lasts as long as the object does and is
     * not seen in `run.results`.
     */
    export interface Result<RT extends ResponseType = ResponseType> {
        /** Place of the target in its list, from 0. */
        readonly index: number;
        /** Name of the target in an object or a `Map` of targets, else its index. */
        readonly key: string | number;
        /** What reports call it: the option `name`, the template of `` http.url`…` ``, its key, or the URL. */
        readonly name: string;
        /** Where it ended, redirects followed. User and password are masked. */
        readonly url: string;
        /** How far it got. */
        readonly state: State;
        /** Whether it was answered with an expected status: `state === 'done'`. */
        readonly ok: boolean;
        /** HTTP status; 0 if there was no response, or its body did not arrive whole. */
        readonly status: number;
        /** HTTP status and its text, e.g. `'200 OK'`. */
        readonly status_text: string;
        /** HTTP version, e.g. `'HTTP/1.1'`. Empty if there was no response. */
        readonly proto: Protocol;
        /** What went wrong, without addresses, ports and times; empty for a status that was not expected. */
        readonly error: string;
        /** k6's code for it, 0 for none; for a status from 400 on, 1000 + the status. */
        readonly error_code: number;
        /** When it left the queue, in ms from the start of the run. */
        readonly started: number;
        /** When it was done with, in ms from the start of the run. */
        readonly ended: number;
        /** Where the time went. */
        readonly timings: Timings;
        /** Whether the last request went over a connection that had served another. */
        readonly reused: boolean;
        /** Bytes of the body, as they came. */
        readonly bytes: number;
        /** How often it was asked for, retries included. */
        readonly attempts: number;
        /**
         * Requests that were sent again without being asked for, because a kept connection turned out to be closed, or
         * because a server of HTTP/2 said that it had not processed them.
         */
        readonly resent: number;
        /** The redirects on the way. */
        readonly redirects: Redirect[];
        /** What became of its budget; empty if it has none, or was not run. */
        readonly budget: Verdict[];
        /** IP address of the server. */
        readonly remote_ip: string;
        /** Port of the server. */
        readonly remote_port: number;
        /** TLS version, e.g. `'tls1.3'`. Empty without TLS. */
        readonly tls_version: string;
        /** TLS cipher suite. Empty without TLS. */
        readonly tls_cipher_suite: CipherSuite;
        /** Stapled OCSP response. */
        readonly ocsp: OCSP;
        /** Headers of the response; several of one name are joined by `', '`. */
        readonly headers: { [name: string]: string };
        /** Cookies that the response set. */
        readonly cookies: { [name: string]: ResponseCookie[] };
        /** The first request. */
        readonly request: Request;
        /**
         * The body: a string, or an `ArrayBuffer` with `responseType: 'binary'`. Of a body that broke off it is what
         * came, after HEAD it is empty. `null` if none came, none of it could be decoded, or it is larger than
         * `maxBodySize`. Codings are undone as in k6; past 100, or five of `br` and `zstd`, the result fails. The buffer is a
         * copy: what is written into it is seen nowhere else.
         *
         * @throws TypeError with the default, `responseType: 'none'`, which keeps no body.
         */
        readonly body: Body<RT>;
        /**
         * Parses the body as JSON. It needs `responseType: 'text'` or `'binary'`.
         *
         * @throws TypeError if the body was not kept or none came, an error if it is not JSON.
         */
        json(): OfBody<RT, JSONValue>;
        /**
         * Finds something in the body, which is JSON. It needs `responseType: 'text'` or `'binary'`.
         *
         * @param selector - GJSON path.
         * @returns What it found; `undefined` if there is no such thing, or the body is not JSON.
         * @throws TypeError if the body was not kept or none came.
         * @example
         * const first = page.json('users.0.name');
         */
        json(selector: string): OfBody<RT, JSONValue | undefined>;
        /**
         * Parses the body as HTML, and finds what a selector says in it. It needs `responseType: 'text'` or `'binary'`.
         *
         * @param selector - As of `Selection.find()` of `k6/html`.
         * @throws TypeError if the body was not kept or none came.
         */
        html(selector?: string): OfBody<RT, Selection>;
    }

    /**
     * What `body` is, by the `responseType` of the call or of its `Client`: `never` without one, because it throws then.
     * As in `k6/http` it is `null` where no body came, which is not said here: check `ok` or `status` first.
     * Of targets whose own `params` have another one, nothing is known here: say it for all, and `'none'` for the others.
     */
    export type Body<RT extends ResponseType> = { text: string; binary: ArrayBuffer; none: never }[RT];

    /** What is made of a body: `never` where none is kept. */
    export type OfBody<RT extends ResponseType, T> = { text: T; binary: T; none: never }[RT];

    /** Phases of one HTTP request, in ms. A phase that was not reached is 0. */
    export interface Phases {
        /** Waiting for a connection; of a new one it includes the look-up, the connecting and the handshake. */
        readonly blocked: number;
        /** Resolving the name of the host; 0 on a connection that was there already. k6 has it in `blocked` only. */
        readonly looking_up: number;
        /** Connecting to the host; 0 on a connection that was there already. */
        readonly connecting: number;
        /** TLS handshake; 0 on a connection that was there already. */
        readonly tls_handshaking: number;
        /** Writing the request. */
        readonly sending: number;
        /** From the last byte sent to the first byte received. */
        readonly waiting: number;
        /** From the first byte received to the end of the body. */
        readonly receiving: number;
        /** `sending + waiting + receiving`, as in k6. */
        readonly duration: number;
    }

    /** Times of a result, in ms. The phases are those of its last request. */
    export interface Timings extends Phases {
        /** From the start of the run until the target might start: waiting for a worker, its host, or the rate. */
        readonly queued: number;
        /**
         * From leaving the queue to the end of the body: look-up, connection, redirects and retries included. What a
         * person would call the time of this URL.
         */
        readonly elapsed: number;
    }

    /** One redirect on the way to the response. */
    export interface Redirect {
        /** What was asked for. User and password are masked. */
        readonly url: string;
        /** Status of the redirect. */
        readonly status: number;
        /** Its phases. */
        readonly timings: Phases;
    }

    /** The first request of a target. */
    export interface Request {
        readonly method: string;
        /** User and password are masked. */
        readonly url: string;
        readonly headers: { [name: string]: string[] };
        readonly body: string;
        readonly cookies: { [name: string]: RequestCookie[] };
    }

    /** A cookie that a response set. */
    export interface ResponseCookie {
        readonly name: string;
        readonly value: string;
        readonly domain: string;
        readonly path: string;
        readonly http_only: boolean;
        readonly secure: boolean;
        /** In seconds; 0 if the server did not say. */
        readonly max_age: number;
        /** In ms since 1970; below 0 if the server did not say. */
        readonly expires: number;
    }

    /** A stapled OCSP response; times in seconds since 1970. */
    export interface OCSP {
        readonly produced_at: number;
        readonly this_update: number;
        readonly next_update: number;
        readonly revoked_at: number;
        readonly revocation_reason: string;
        readonly status: string;
    }

    // === Comparison ===

    /** What became of `compare`. */
    export interface Comparison<RT extends ResponseType = ResponseType> {
        /** The sequential run of the median round. */
        readonly sequential: Run<RT>;
        /** The concurrent run of the median round. */
        readonly concurrent: Run<RT>;
        /** How many times faster the concurrent run was, by wall clock. */
        readonly speedup: number;
        /** All measured rounds, in their order. */
        readonly rounds: Round<RT>[];
        /** The text of both runs, their bars to one scale, and the speed-up. It ends with a newline. */
        text(): string;
        /** Writes a report about both runs. */
        report(format: ReportFormat, options?: ReportOptions): string;
    }

    /** One time both ways. */
    export interface Round<RT extends ResponseType = ResponseType> {
        /** Which way went first. */
        readonly order: ["sequential", "concurrent"] | ["concurrent", "sequential"];
        readonly sequential: Run<RT>;
        readonly concurrent: Run<RT>;
    }

    /** What became of `compare` with ways. */
    export interface WaysComparison<Name extends string = string, RT extends ResponseType = ResponseType> {
        /** A run of each way, by its name. */
        readonly ways: WayRuns<Name, RT>;
        /** The name of the way whose run took least time, whether or not it fetched all: see its `failed`. */
        readonly fastest: Name;
        /** How many times faster the last way was than the first, by wall clock. */
        readonly speedup: number;
        /** All measured rounds, in their order. */
        readonly rounds: WaysRound<Name, RT>[];
        /**
         * The text of all runs, their bars to one scale, and which way was the fastest. It ends with a newline. No way is
         * called faster if not all have fetched the same.
         */
        text(): string;
        /** Writes a report about all ways. */
        report(format: ReportFormat, options?: ReportOptions): string;
    }

    /** One time each way. */
    export interface WaysRound<Name extends string = string, RT extends ResponseType = ResponseType> {
        /** The names of the ways in the order that they were gone in. */
        readonly order: Name[];
        /** Their runs, by name. */
        readonly ways: WayRuns<Name, RT>;
    }

    /** Runs by the names of their ways. */
    export type WayRuns<Name extends string = string, RT extends ResponseType = ResponseType> = {
        readonly [W in Name]: Run<RT, W>;
    };

    // === Stream ===

    /** Results as they end. */
    export interface Stream<RT extends ResponseType = ResponseType> {
        /** Resolves to the next result, or to `{ done: true }` at the end and after `close()`. */
        next(): Promise<StreamItem<RT>>;
        /** Ends the stream: what is in flight is cut off, and what has not started is not run. */
        close(): void;
        /**
         * The run without results.
         *
         * @throws TypeError before `next()` has said `done` or `close()` was called.
         */
        summary(): Run<RT>;
    }

    /** What `next()` resolves to. */
    export type StreamItem<RT extends ResponseType = ResponseType> =
        | { done: false; value: Result<RT> }
        | { done: true; value?: undefined };

    // === Errors and records ===

    /** What a promise rejects with where `throw` was asked for. */
    export interface RunError<T extends Run | Comparison | WaysComparison = Run> extends Error {
        /** Everything that came of the call all the same. */
        run: T;
    }

    // === Reports ===

    /**
     * How a report is written: as text for a terminal, as a page that stands alone, as JSON, as Markdown for the summary of a
     * pull request, as comma-separated values, as JUnit's XML or the Test Anything Protocol with a test case for each name
     * and each budget of runs, as an HTTP archive that the tools of browsers open, or as a baseline: what later reports
     * compare with, a sorted line for each name, fit for a repository.
     */
    export type ReportFormat = "text" | "html" | "json" | "markdown" | "csv" | "junit" | "tap" | "har" | "baseline";

    /** Options of `report()`. */
    export interface ReportOptions {
        /** What the report is called: `'Fetch report'` unless told. */
        title?: string;
        /**
         * What k6 hands to `handleSummary`. Thresholds, each with its value, and checks are then in every format, the text
         * has k6's own summary above, which k6 does not print where there is a `handleSummary`, and the verdict is that of
         * the thresholds, if there are any.
         *
         * @example
         * ```js
         * import { report } from 'k6/x/fetch';
         *
         * export function handleSummary(data) {
         *   return { 'report.html': report('html', { k6: data }), stdout: report('text', { k6: data, colors: true }) };
         * }
         * ```
         */
        k6?: object;
        /**
         * Whether the text of the whole test may have colours. It has them only where k6 prints to a terminal and nothing
         * in the environment (`NO_COLOR`) is against it.
         */
        colors?: boolean;
        /**
         * An earlier report to compare with: what `report('baseline')` or `report('json')` returned, or the latter as an
         * object. The report then says of each name whether it got slower (a Mann-Whitney test) or fails more often (Fisher's
         * exact test), and JUnit, TAP and `passed` of JSON fail on it.
         *
         * @example
         * ```js
         * import { report } from 'k6/x/fetch';
         *
         * const baseline = __ENV.BASELINE ? open(__ENV.BASELINE) : undefined;
         *
         * export function handleSummary() {
         *   return { 'baseline.jsonl': report('baseline'), 'junit.xml': report('junit', { baseline }) };
         * }
         * ```
         */
        baseline?: string | object;
        /**
         * How probable it may be at most that any name is called slower, faster, failing or healed by chance alone: above 0
         * and below 1, 0.01 unless told.
         */
        significance?: number;
        /**
         * A name whose figures changed by less than this share of what they were is neither slower nor faster, failing nor
         * healed, however certain the change is: at least 0, 0.05 (5 %) unless told.
         */
        tolerance?: number;
        /**
         * How many columns a text may take: an integer from 40 to 500. Unless told it is the width of the terminal that k6
         * prints to, up to 200, else 80. A URL is never cut: one that is wider has a line of its own.
         */
        width?: number;
    }

    /** What `toJSON()` of a `Run` gives. */
    export interface RunRecord<M extends string = Mode> {
        mode: M;
        concurrency: number;
        elapsed: number;
        total: number;
        speedup: number;
        peak: number;
        count: number;
        ok: number;
        failed: number;
        notRun: number;
        requests: number;
        bytes: number;
        overBudget: number;
        budget: Verdict[];
        /** Absent where there are no results. */
        results?: ResultRecord[];
    }

    /** One result in it. */
    export interface ResultRecord {
        index: number;
        key: string | number;
        name: string;
        url: string;
        state: State;
        ok: boolean;
        status: number;
        error: string;
        error_code: number;
        started: number;
        ended: number;
        reused: boolean;
        bytes: number;
        attempts: number;
        resent: number;
        timings: Timings;
        /** Absent without redirects. */
        redirects?: Redirect[];
        budget: Verdict[];
    }

    /** All of it: `import fetch from 'k6/x/fetch'`. */
    const fetch: {
        sequential: typeof sequential;
        concurrent: typeof concurrent;
        compare: typeof compare;
        stream: typeof stream;
        Client: typeof Client;
        expectedStatuses: typeof expectedStatuses;
        chunks: typeof chunks;
        chunk: typeof chunk;
        partition: typeof partition;
        lines: typeof lines;
        csv: typeof csv;
        sitemap: typeof sitemap;
        har: typeof har;
        report: typeof report;
        print: typeof print;
    };
    export default fetch;
}
