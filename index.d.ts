/**
 * Types of the k6 extension `k6/x/fetch`, to be used beside `@types/k6`.
 *
 * Times are in milliseconds with a fraction, unless stated otherwise.
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
     * A target that fails is a result that says so; the others go on. For invalid targets or options the promise
     * rejects with a `TypeError`, before anything is sent. With `throw` it rejects at the end, with an `Error` that has
     * `.run`. In the init context the function throws.
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
     * Fetches the targets like {@link concurrent}, and returns each result as it ends. Up to `concurrency` results wait
     * to be read; then the workers pause.
     *
     * It returns at once. It throws a `TypeError` for invalid targets or options, and in the init context.
     * `throw` has no effect. `onResult` is called when `next()` returns a result.
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
     * The four functions with their own default options and connections. Options of a call win over the client's;
     * `headers`, `cookies` and `tags` of both are merged.
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
         * Closes the client's connections, and those in use when their runs end. The client still works, with new ones.
         * A client made in an iteration closes its connections when the iteration ends; one made in the init context
         * keeps them as long as its VU lives.
         */
        close(): void;
    }

    /**
     * Makes a value for the option `expectedStatuses`. It can be called in the init context.
     *
     * @param statuses - The statuses that count as a success: numbers and ranges, limits included.
     * @throws TypeError without a status, or for an invalid one.
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
     * It works only in the init context, like `open()`, so that archives contain the file. The first VU scans the file
     * once. Runs then read entries as they get to them, and no VU has a copy. In metrics, targets of a list are named
     * by their host, unless the option `name` is set.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid lines.
     * @throws Error with the file and the line, for an invalid line.
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
     * Opens a CSV file, plain or compressed with gzip. Quoted fields keep every byte. Spaces around unquoted fields are
     * removed, except in bodies. A row has at most 16 MiB. Otherwise it works like {@link lines}.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - Which columns hold what.
     *
     * @example
     * const targets = csv('requests.csv', { url: 'address', method: 'verb', name: 'page' });
     */
    export function csv(path: string, options?: CSVOptions): TargetList;

    /**
     * Opens an HTTP archive: the requests of a recorded page, with their headers and bodies. Headers for a single
     * connection are left out, such as Host and Content-Length. Requests without a response, and anything but HTTP
     * (`data:` URLs, WebSockets, tunnels), are left out and counted. A body that was not recorded, or a request of more
     * than 16 MiB, is invalid. Otherwise it works like {@link lines}.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid entries.
     */
    export function har(path: string, options?: ListOptions): TargetList;

    /**
     * Fetches a sitemap, in `setup()` or an iteration. For an index, it fetches the sitemaps of the index, too. They
     * may be compressed with gzip, and have at most 64 MiB each. Relative URLs are resolved against their sitemap,
     * after redirects. The promise rejects with an `Error` if a sitemap is missing or invalid.
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
     * Opens a sitemap in a file. The sitemaps of an index must be in the same folder, named by the last part of their
     * URLs. An element in the wrong place is invalid; elements of other namespaces are ignored. Otherwise it works like
     * {@link lines}.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid entries.
     */
    export function sitemap(path: string, options?: ListOptions): TargetList;

    /** Options of the functions that open lists. */
    export interface ListOptions {
        /**
         * What to do with invalid entries: throw an error, or leave them out and count them. A file that cannot be read
         * to its end is always an error, except for a sitemap of an index. Default: `'fail'`.
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
        /** The character between columns. Default: `','`. */
        delimiter?: string;
        /** The character that starts a line to leave out. Default: none. */
        comment?: string;
    }

    /**
     * A list of targets in a file. It is immutable: its methods return new lists. Returned by `setup()`, it becomes an
     * array.
     */
    export interface TargetList {
        /** How many targets there are. */
        readonly length: number;
        /** How many entries of the whole file were left out: invalid ones, and those that har() leaves out. */
        readonly skipped: number;
        /**
         * The targets for which a function returns true. Each VU calls it for every target, so use it on lists that are
         * not too long.
         */
        filter(keep: (target: { url: string; method: string; name: string }, index: number) => boolean): TargetList;
        /** Random targets, in their order; the same ones for the same seed. Default seed: 0. */
        sample(n: number, seed?: number): TargetList;
        /** The targets from one index to before another; negative ones count from the end, as those of arrays do. */
        slice(from?: number, to?: number): TargetList;
        /** An array of the targets. Throws for a list with a binary body, which JSON cannot hold. */
        toJSON(): Target[];
    }

    // === Shares ===

    /** What can be divided: targets, and lists of anything. */
    export type Divisible = TargetList | readonly unknown[] | { readonly [name: string]: unknown };

    /**
     * How many chunks a list has: the scenario's `iterations`, so that {@link chunk} takes each chunk once. It works in
     * the init context, too.
     *
     * @param targets - A list, or an object of targets by name.
     * @param size - Targets in a chunk, at least 1.
     * @throws TypeError for anything else.
     */
    export function chunks(targets: Divisible, size: number): number;

    /**
     * The chunk of the current iteration. Each chunk is taken once, over all VUs and all instances of a distributed
     * test. Iterations beyond the last chunk get an empty list.
     *
     * It is for the executors `shared-iterations` and `per-vu-iterations`. An instance with an `--execution-segment`
     * needs `--execution-segment-sequence` as well.
     *
     * @param targets - A list, or an object of targets by name.
     * @param size - Targets in a chunk, as given to {@link chunks}.
     * @throws TypeError if parts of the list would be lost or taken twice, and outside the iterations of a scenario.
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
     * The part of a list for this instance of a distributed test, as large as its segment. Exactly one iteration must
     * take it on each instance, as with `per-vu-iterations`, 1 iteration, and as many VUs as there are equal segments.
     *
     * @param targets - A list, or an object of targets by name.
     * @throws TypeError if parts of the list would be lost or taken twice, and outside the iterations of a scenario.
     */
    export function partition<T extends Divisible>(targets: T): T;

    /**
     * Writes a report on everything that all VUs of this k6 have fetched so far. It is for `handleSummary`.
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
     * @throws TypeError for an unknown format or option.
     */
    export function report(format: ReportFormat, options?: ReportOptions): string;

    /**
     * Writes a run, a comparison, the summary of a stream, or a string to standard output, above k6's progress bars.
     * Line breaks are kept, also in a pipe, where k6 escapes those of a `console.log`. A missing line break at the end
     * is added.
     *
     * @example
     * import { concurrent, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   print(await concurrent(['https://a.example.com/', 'https://b.example.com/']));
     * }
     * @throws TypeError for anything else; an Error in the init context, or if standard output cannot be written.
     */
    export function print(what: { text(): string } | string): void;

    // === Targets ===

    /**
     * What to fetch: an array, a `SharedArray` or an object of targets by name, as for `http.batch`; another iterable,
     * such as a generator or a `Set`; a `Map` of targets by name; or a list from a file. An array has at most
     * 10,000,000 targets, and another iterable at most 1,000,000.
     *
     * Keys are what {@link Run.get} looks up, and the names of the targets in `fetch_*` metrics and reports.
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

    /** A URL, or the value of `` http.url`…` ``, whose template becomes the name in metrics. */
    export type URLTarget = string | ReturnType<typeof k6URL>;

    /** `[method, url, body?, params?]`; the method is sent as written. */
    export type ArrayTarget = readonly [
        method: string,
        url: URLTarget,
        body?: RequestBody | null,
        params?: Params | null,
    ];

    /** `{ method?, url, body?, params? }` */
    export interface ObjectTarget {
        /** HTTP method, sent in capitals. Default: `'GET'`. */
        method?: string;
        /** Absolute, or relative to the `baseURL` of the `Client`. */
        url: URLTarget;
        /**
         * Body: sent as it is, or an object that is sent as a form, as browsers do. A form with an `http.file` in it or
         * in one of its arrays is multipart. Values are converted by `String()`; a nested object is a `TypeError`.
         * Dropped for GET and HEAD, as in `http.batch`.
         */
        body?: RequestBody | null;
        /** Settings of this target. */
        params?: Params | null;
    }

    // === Options ===

    /**
     * Settings of one target, in its `params`, or of all, in the options of a call. `headers`, `cookies` and `tags` of
     * both are merged; of everything else, the target's wins.
     */
    export interface Settings<RT extends ResponseType = ResponseType> {
        /**
         * Scheme for the credentials in the URL: `'basic'`, `'digest'` or `'ntlm'`. Default: basic. Digest and NTLM
         * answer only a server that asks for that scheme. If it asks for another, its 401 is the result.
         */
        auth?: AuthMethod;
        /** How to compress the body of the request: `'gzip'`, `'deflate'`, `'br'`, `'zstd'`, or several with commas. */
        compression?: string;
        /** Cookies to send besides those of the jar. Redirects to other hosts do not get them. */
        cookies?: { [name: string]: ParamsCookieValue };
        /** Statuses that are a success. Default: 200 to 399. */
        expectedStatuses?: ExpectedStatuses | Status | readonly Status[];
        /** Headers to send. */
        headers?: { [name: string]: string };
        /**
         * Version of HTTP, redirects included. Default: `'auto'`, what the server chooses with TLS, and HTTP/1.1
         * without. `'1.1'` never uses HTTP/2. `'2'` uses nothing else: a server without it is a failed result, with
         * `error_code` 1600. With `http://`, `'2'` is HTTP/2 from the first byte (RFC 9113, section 3.3), which is
         * impossible through a proxy, for digest and NTLM, and with k6's `httpDebug`. Each version has its own
         * connections.
         */
        httpVersion?: "auto" | "1.1" | "2";
        /**
         * Cookie jar; `null` for none. Default: the VU's. Targets of a concurrent run see the jar as it was when the
         * run began, and cookies of their own responses. The jar gets the cookies of all responses when the run ends.
         */
        jar?: CookieJar | null;
        /**
         * Limit on a body, after decompression if it is kept. A larger one fails its target, and the rest is not read.
         * Bytes, or a string with a unit of B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB (powers of 1024).
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
         * When to reject, once every target has ended: `true` if a target got no answer, as in k6; `'failed'` if any
         * target failed, also by an unexpected status. Default: k6's option `throw`.
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
        /** Bounds for the target. Its keys replace those of the option `budget`; `null` for no budget. */
        budget?: Budget | null;
        /** As in k6/http: `http.expectedStatuses()`, or `null` to judge nothing. See `expectedStatuses`. */
        responseCallback?: ReturnType<typeof k6ExpectedStatuses> | ExpectedStatuses | null;
    }

    /** Options of a call. An unknown name or a wrong value rejects with a `TypeError` that names it. */
    export interface Options<RT extends ResponseType = ResponseType> extends Settings<RT> {
        /**
         * Bounds for each target, for all of them together, and for the run. Each bound is a check in k6's summary, for
         * thresholds, and in every report. A broken one does not mark a target as failed. A `Client`'s apply to keys
         * that the call does not set; `null` for no budget.
         *
         * @example
         * await concurrent(urls, { budget: { elapsed: ['1s', 'p(95)<500'], status: 200, failed: 'rate<0.01' } });
         */
        budget?: RunBudget | null;
        /** Targets in flight at once, at least 1. Default: k6's option `batch` (20). */
        concurrency?: number;
        /**
         * Whose connections: `'vu'`, the VU's own, kept between iterations; `'shared'`, one pool for all VUs of this
         * k6, which share `perHost` as well; `'new'`, cold ones, closed at the end. Default: `'vu'`; a `Client`'s are
         * its own.
         */
        connections?: "vu" | "shared" | "new";
        /**
         * Bound on the whole run, as a string (`'30s'`) or in milliseconds. At the deadline, requests in flight are cut
         * off and fail, and the rest are not run. Default: none.
         */
        deadline?: string | number;
        /**
         * Called on the event loop with each result as it ends, in order of completion. If it throws, the run ends and
         * the promise rejects. It must not wait for anything. A `stream` calls it when `next()` returns the result.
         * With a list from a file, `run.results` is then empty, so that no result is kept.
         */
        onResult?: (result: Result<RT>) => void;
        /** Targets in flight to one host; 0 for no limit. Default: k6's option `batchPerHost` (6). */
        perHost?: number;
        /** Starts per second, above 0. k6's option `rps` applies as well. Default: none. */
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
        /** Rounds to measure, at least 1. Default: 1. */
        rounds?: number;
        /** Whether an unmeasured round comes first. Default: true. */
        warmup?: boolean;
    }

    /** A way of `compare`: its name, and options over those of the call, whose `onResult` gets the results of all ways. */
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
        /** Absolute base of relative URLs, resolved by RFC 3986: end it with a slash. Default: none. */
        baseURL?: string;
    }

    /** A status, or all from `min` to `max`. */
    export type Status = number | StatusRange;

    /** All statuses from `min` to `max`, both included. */
    export interface StatusRange {
        min: number;
        max: number;
    }

    /** The value of {@link expectedStatuses}. */
    export interface ExpectedStatuses {
        readonly [expected]: true;
    }
    const expected: unique symbol;

    // === Budgets ===

    /**
     * A bound: a number means at most that, a string has an operator of k6's thresholds: `'<500'`, `'>=1'`. Times are
     * in milliseconds or have a unit: `'500ms'`, `'<1.5s'`. So do sizes: `'100kB'`. In an array, every bound must hold.
     * `null` removes a bound set elsewhere.
     */
    export type Bound = number | string | readonly (number | string)[] | null;

    /**
     * Bounds for a target. A target without an answer breaks every check except those of `queued` and `attempts`; one
     * that was not run is not judged.
     */
    export interface Budget {
        /** From leaving the queue to the end of the body. */
        elapsed?: Bound;
        /** From the start of the run until it might start. */
        queued?: Bound;
        /** Waiting for a connection, with opening a new one. */
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
        /** Bytes of the body, as received. */
        bytes?: Bound;
        /** Statuses, as in `expectedStatuses`. */
        status?: ExpectedStatuses | Status | readonly Status[] | null;
        /** Attempts, with retries. */
        attempts?: Bound;
    }

    /**
     * Bounds for each target of a run, and for the run. A string for a time may also be an expression of k6's
     * thresholds, over all results that ran: `'avg<200'`, `'min>1'`, `'med<100'`, `'max<1s'`, `'p(95)<500'`. If no
     * target was answered, expressions are broken.
     */
    export interface RunBudget extends Budget {
        /** Targets that failed: how many, or `'rate<0.01'` of those that ran, or `'count<=3'`. */
        failed?: Bound;
        /** Targets that were not run: how many, or `'rate<0.01'` of all, or `'count<=3'`. */
        not_run?: Bound;
        /** Wall-clock time of the run. */
        run_elapsed?: Bound;
        /** `speedup` of the run. A number means at least that. */
        speedup?: Bound;
        /** HTTP requests made, redirects and retries included. */
        requests?: Bound;
    }

    /** The verdict on one bound of a budget. */
    export interface Verdict {
        /** The name of the check, the same for all targets: `'elapsed <= 500 ms'`, `'p(95) of elapsed < 500 ms'`. */
        readonly check: string;
        /** Whether it held. */
        readonly ok: boolean;
        /** The figure that was judged, in milliseconds, bytes or a number; `null` if there was no answer. */
        readonly value: number | null;
    }

    // === Run ===

    /** Which function a run comes from. */
    export type Mode = "sequential" | "concurrent" | "stream";

    /**
     * The outcome of a list of targets.
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
        /** Sum of all results' `timings.elapsed`, in ms: roughly how long a sequential run would take. */
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
        /** Bytes of the bodies, as received. */
        readonly bytes: number;
        /** Targets that broke their budget. */
        readonly overBudget: number;
        /** Verdicts on the run's own budget; empty without one. */
        readonly budget: readonly Verdict[];
        /**
         * One for each target, in the order of the targets; empty in the summary of a stream.
         *
         * The array is read-only, and its elements are created on access: `run.results[0] !== run.results[0]`. Keep one
         * in a variable to compare it; copy the array to sort it: `[...run.results].sort(…)`.
         */
        readonly results: readonly Result<RT>[];
        /**
         * The result for a key: the name of the target, or its index in a list. `undefined` if there is none.
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
         * A percentile of a time, in ms, over the results that ran, interpolated as in k6's trends; 0 if none ran.
         *
         * @param p - From 0 to 100.
         * @param timing - Which time. Default: `'elapsed'`.
         * @throws TypeError for anything else.
         * @example
         * const slow = run.percentile(95, 'waiting');
         */
        percentile(p: number, timing?: keyof Timings): number;
        /**
         * A line per target with its time and a bar, a line with the total, and one for each check of a budget. Above
         * 50 targets it shows those that failed and the 20 slowest others. It ends with a newline.
         */
        text(): string;
        /** Writes a report on this run. `'csv'` and `'har'` have each result. */
        report(format: ReportFormat, options?: ReportOptions): string;
        /** Plain objects, without headers and bodies: what `JSON.stringify(run)` shows and `setup()` can return. */
        toJSON(): RunRecord<M>;
    }

    // === Result ===

    /** State of a target: answered as expected; answered otherwise or not at all; or never sent. */
    export type State = "done" | "failed" | "not_run";

    /**
     * The record of one target. It has the fields of k6's `Response`, so that checks need no change, but no
     * `clickLink()` and no `submitForm()`.
     *
     * It is created on access, and so are its values. A change to it lasts as long as the object, and does not appear
     * in `run.results`.
     */
    export interface Result<RT extends ResponseType = ResponseType> {
        /** Place of the target in its list, from 0. */
        readonly index: number;
        /** Name of the target in an object or a `Map` of targets, else its index. */
        readonly key: string | number;
        /** Its name in reports: the option `name`, the template of `` http.url`…` ``, its key, or the URL. */
        readonly name: string;
        /** Where it ended, redirects followed. User and password are masked. */
        readonly url: string;
        /** State of the target. */
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
        /** When it ended, in ms from the start of the run. */
        readonly ended: number;
        /** Where the time went. */
        readonly timings: Timings;
        /** Whether the last request went over a connection that had served another. */
        readonly reused: boolean;
        /** Bytes of the body, as received. */
        readonly bytes: number;
        /** Attempts, with retries. */
        readonly attempts: number;
        /**
         * Requests that were sent again without being asked for, because a kept connection turned out to be closed, or
         * because an HTTP/2 server reported that it had not processed them.
         */
        readonly resent: number;
        /** The redirects on the way. */
        readonly redirects: Redirect[];
        /** Verdicts on its budget; empty if it has none, or was not run. */
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
        /** Headers of the response. Values of the same name are joined by `', '`. */
        readonly headers: { [name: string]: string };
        /** Cookies that the response set. */
        readonly cookies: { [name: string]: ResponseCookie[] };
        /** The first request. */
        readonly request: Request;
        /**
         * The body: a string, or an `ArrayBuffer` with `responseType: 'binary'`. If the body was cut off, it is the
         * part that arrived; after HEAD it is empty. `null` if none arrived, none of it could be decoded, or it is
         * larger than `maxBodySize`. It is decoded as in k6; with more than 100 codings, or five of `br` and `zstd`,
         * the target fails. The buffer is a copy, which the script may change.
         *
         * @throws TypeError with the default, `responseType: 'none'`, which keeps no body.
         */
        readonly body: Body<RT>;
        /**
         * Parses the body as JSON. It needs `responseType: 'text'` or `'binary'`.
         *
         * @throws TypeError if the body was not kept or none arrived; an Error if it is not JSON.
         */
        json(): OfBody<RT, JSONValue>;
        /**
         * Finds something in a JSON body. It needs `responseType: 'text'` or `'binary'`.
         *
         * @param selector - GJSON path.
         * @returns What it found; `undefined` if it found nothing, or the body is not JSON.
         * @throws TypeError if the body was not kept or none arrived.
         * @example
         * const first = page.json('users.0.name');
         */
        json(selector: string): OfBody<RT, JSONValue | undefined>;
        /**
         * Parses the body as HTML, and finds elements by a selector. It needs `responseType: 'text'` or `'binary'`.
         *
         * @param selector - As of `Selection.find()` of `k6/html`.
         * @throws TypeError if the body was not kept or none arrived.
         */
        html(selector?: string): OfBody<RT, Selection>;
    }

    /**
     * The type of `body`, by the `responseType` of the call or of its `Client`. It is `never` without one, because
     * `body` then throws. As in `k6/http`, the type leaves out that `body` is `null` if none arrived: check `ok` or
     * `status` first. The type ignores a `responseType` in `params`. Set it for the call, and `'none'` for the targets
     * that need no body.
     */
    export type Body<RT extends ResponseType> = { text: string; binary: ArrayBuffer; none: never }[RT];

    /** The type of something made from a body: `never` if none is kept. */
    export type OfBody<RT extends ResponseType, T> = { text: T; binary: T; none: never }[RT];

    /** Phases of one HTTP request, in ms. A phase that was not reached is 0. */
    export interface Phases {
        /** Waiting for a connection. For a new one it includes DNS, connecting and the handshake. */
        readonly blocked: number;
        /** Resolving the name of the host; 0 on a kept connection. In k6 it is part of `blocked` only. */
        readonly looking_up: number;
        /** Connecting to the host; 0 on a kept connection. */
        readonly connecting: number;
        /** TLS handshake; 0 on a kept connection. */
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
         * From leaving the queue to the end of the body, with DNS, connection, redirects and retries: what a person
         * would call the time of this URL.
         */
        readonly elapsed: number;
    }

    /** One redirect on the way to the response. */
    export interface Redirect {
        /** The URL that redirected. User and password are masked. */
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

    /** The outcome of `compare`. */
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
        /** Writes a report on both runs. */
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

    /** The error that a promise rejects with if the option `throw` is set. */
    export interface RunError<T extends Run | Comparison | WaysComparison = Run> extends Error {
        /** The outcome of the call. */
        run: T;
    }

    // === Reports ===

    /**
     * Format of a report: text for a terminal, an HTML page in a single file, JSON, Markdown for the summary of a pull
     * request, comma-separated values, JUnit's XML or the Test Anything Protocol with a test case for each name and
     * each budget of runs, an HTTP archive for browsers' developer tools, or a baseline for later reports to compare
     * with: one sorted line for each name, to be kept in a repository.
     */
    export type ReportFormat = "text" | "html" | "json" | "markdown" | "csv" | "junit" | "tap" | "har" | "baseline";

    /** Options of `report()`. */
    export interface ReportOptions {
        /** Title of the report. Default: `'Fetch report'`. */
        title?: string;
        /**
         * The data that k6 passes to `handleSummary`. Every format then has k6's thresholds and checks, and the text
         * begins with k6's own summary, because k6 prints none where a script has `handleSummary`. The verdict is that
         * of the thresholds, if there are any.
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
         * Whether the text of a whole test may be coloured. It is only where k6 prints to a terminal and `NO_COLOR` is
         * not set.
         */
        colors?: boolean;
        /**
         * An earlier report to compare with: the string from `report('baseline')` or `report('json')`, or the latter as
         * an object. The report then says of each name whether it got slower (a Mann-Whitney test) or fails more often
         * (Fisher's exact test). JUnit, TAP and `passed` of JSON fail on it.
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
         * Highest probability that chance alone makes any name slower, faster, failing or healed: above 0 and below 1.
         * Default: 0.01.
         */
        significance?: number;
        /**
         * Smallest change, as a share of the old figure, that counts as slower, faster, failing or healed, however
         * certain: at least 0. Default: 0.05 (5 %).
         */
        tolerance?: number;
        /**
         * Columns of a text: an integer from 40 to 500. Default: the width of the terminal that k6 prints to, up to
         * 200, else 80. URLs are never cut: a wider one has a line of its own.
         */
        width?: number;
    }

    /** The value of a `Run`'s `toJSON()`. */
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
        /** Absent without results. */
        results?: ResultRecord[];
    }

    /** One result of a {@link RunRecord}. */
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

    /** All exports: `import fetch from 'k6/x/fetch'`. */
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
