/**
 * Types of the k6 extension `k6/x/fetch`. Use them together with `@types/k6`.
 *
 * Times are in milliseconds, with fractions, unless stated otherwise.
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
     * Fetches the targets one at a time, in order.
     *
     * A target that fails is a failed result; the others still run. For invalid targets or options, the promise rejects
     * with a `TypeError` before anything is sent. With the option `throw`, it rejects after the run with a
     * {@link RunError}, whose `run` has all results. Calling it in the init context throws.
     *
     * @param targets - What to fetch. An empty list gives an empty run.
     * @param options - How to fetch it. `concurrency` is ignored: it is 1.
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
     * Fetches the targets with up to `concurrency` in flight. Results are in the order of the targets.
     *
     * Errors are as for {@link sequential}.
     *
     * @param targets - What to fetch. An empty list gives an empty run.
     * @param options - How to fetch it. By default 20 at once and 6 per host: k6's options `batch` and `batchPerHost`.
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
     * Fetches the same targets sequentially and concurrently, and compares the two.
     *
     * An unmeasured warm-up round comes first, so that neither way pays for look-ups and connections. Then come
     * `rounds` rounds, which take turns in which way goes first. The comparison shows the round with the median
     * speed-up.
     *
     * Errors are as for {@link sequential}, except that `run` of the error is the comparison.
     *
     * @param targets - What to fetch.
     * @param options - How to fetch it, including `rounds` and `warmup`.
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
     * Fetches the same targets in several ways, each with its own options, and compares them: versions of HTTP, limits,
     * or two servers.
     *
     * An unmeasured warm-up round comes first. Then come `rounds` rounds, each of which begins with another way. With two
     * ways, the comparison shows the round with the median speed-up; with more, each way has its run with the median time.
     *
     * Samples have the name of their way as the tag `mode`, and reports use it, too.
     *
     * Errors are as for {@link sequential}, except that `run` of the error is the comparison.
     *
     * @typeParam Name - Names of the ways.
     *
     * @param targets - What to fetch. Every way fetches all of them.
     * @param ways - Two to eight ways.
     * @param options - How all ways fetch, including `rounds` and `warmup`.
     *
     * @example
     * import { compare, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const c = await compare(['https://a.example.com/', 'https://b.example.com/'], [
     *     { name: 'h1', httpVersion: '1.1' },
     *     { name: 'h2', httpVersion: '2' },
     *     { name: 'h3', httpVersion: '3' },
     *   ]);
     *   print(c);
     *   console.log(`${c.fastest} was the fastest`); // h1, h2, h3 or null
     * }
     */
    export function compare<Name extends string, RT extends ResponseType = "none">(
        targets: Targets,
        ways: readonly Way<Name, RT>[],
        options?: CompareOptions<RT>,
    ): Promise<WaysComparison<Name, RT>>;

    /**
     * Fetches the targets like {@link concurrent}, and returns each result as soon as it is there. Up to `concurrency`
     * results are kept until `next()` asks for them; then the workers pause.
     *
     * It returns immediately. It throws a `TypeError` for invalid targets or options, and throws in the init context.
     * The option `throw` has no effect. `onResult` is called when `next()` returns the result.
     *
     * @param targets - What to fetch.
     * @param options - How to fetch it.
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
     * Visits a page as the network of a browser does: it fetches the document, and everything that the document, its
     * stylesheets and its frames refer to, in a browser's order, with a browser's headers. It runs no scripts, so what
     * those would fetch is missing.
     *
     * Resources are found while the document streams. The most urgent starts first, with up to six requests per host in
     * flight over HTTP/1.1, and any number over HTTP/2 and HTTP/3.
     *
     * What goes wrong with a resource is a failed result. A page that is not HTML has no resources. Errors are as for
     * {@link sequential}.
     *
     * @param url - The page: a URL, or a target with method, body and params. Its params hold for resources as well.
     * @param options - How to fetch it, and what of it.
     *
     * @example
     * import { check } from 'k6';
     * import { page, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   const visit = await page('https://a.example.com/', { ignore: ['media', /analytics/] });
     *   check(visit, {
     *     'the page came': (v) => v.document.status === 200,
     *     'all of it came': (v) => v.failed === 0,
     *     'it was there in two seconds': (v) => v.timings.load < 2000,
     *   });
     *   print(visit);
     * }
     */
    export function page<RT extends ResponseType = "none">(
        url: PageURL,
        options?: PageOptions<RT>,
    ): Promise<Visit<RT>>;

    /**
     * The five functions with default options and with their own connections. Options of a call override those of the
     * client; `headers`, `cookies` and `tags` are merged.
     *
     * It can be created in an iteration, or in the init context, where each VU creates its own. Its methods cannot be
     * called in the init context.
     *
     * @typeParam Default - The `responseType` of the client, for calls without one.
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

        /** Like the function {@link sequential}. */
        sequential<RT extends ResponseType = Default>(
            targets: Targets,
            options?: Options<RT>,
        ): Promise<Run<RT>>;

        /** Like the function {@link concurrent}. */
        concurrent<RT extends ResponseType = Default>(
            targets: Targets,
            options?: Options<RT>,
        ): Promise<Run<RT>>;

        /** Like the function {@link compare}. */
        compare<RT extends ResponseType = Default>(
            targets: Targets,
            options?: CompareOptions<RT>,
        ): Promise<Comparison<RT>>;

        /** Like the function {@link compare} with ways. */
        compare<Name extends string, RT extends ResponseType = Default>(
            targets: Targets,
            ways: readonly Way<Name, RT>[],
            options?: CompareOptions<RT>,
        ): Promise<WaysComparison<Name, RT>>;

        /** Like the function {@link stream}. */
        stream<RT extends ResponseType = Default>(targets: Targets, options?: Options<RT>): Stream<RT>;

        /** Like the function {@link page}. */
        page<RT extends ResponseType = Default>(url: PageURL, options?: PageOptions<RT>): Promise<Visit<RT>>;

        /**
         * Closes the client's connections. Connections in use close when their runs have ended. The client can still be
         * used, and opens new ones. A client created in an iteration closes its connections at the end of that
         * iteration; one created in the init context keeps them as long as its VU exists.
         */
        close(): void;
    }

    /**
     * Creates a value for the option `expectedStatuses`. It can be called in the init context.
     *
     * @param statuses - The statuses that count as a success: numbers and inclusive ranges.
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
     * Opens a text file with one URL per line, plain or compressed with gzip. Empty lines and comments are skipped:
     * lines that begin with `#`, and text after a space and a `#`.
     *
     * Like `open()`, it can only be called in the init context, so that the file becomes part of archives. The first VU
     * checks the whole file once. Runs then read it as they go, and no VU holds a copy. Metrics name the targets of a
     * list by their hosts, unless the option `name` is set.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid lines.
     * @throws Error with the file and the line number, for an invalid line.
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
     * Opens a CSV file, plain or compressed with gzip. Quoted fields are kept byte for byte. Spaces around unquoted
     * fields are removed, except in the column of bodies. A row is at most 16 MiB. Otherwise it works like
     * {@link lines}.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - Which columns hold what.
     *
     * @example
     * const targets = csv('requests.csv', { url: 'address', method: 'verb', name: 'page' });
     */
    export function csv(path: string, options?: CSVOptions): TargetList;

    /**
     * Opens an HTTP archive (HAR): the requests of a recorded page, with their headers and bodies. Headers of a single
     * connection are left out, such as Host and Content-Length. Requests that are not HTTP (`data:` URLs, WebSockets,
     * tunnels) and requests without a response are left out and counted. A request without its recorded body, or of
     * more than 16 MiB, is invalid. Otherwise it works like {@link lines}.
     *
     * With the option `pace`, requests start as far apart as they were recorded. `filter()`, `slice()` and `sample()`
     * make lists that begin with their own first request; {@link chunk} and {@link partition} keep the starts of the
     * whole list, so that instances replay it together.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - At which pace, and what to do with invalid entries.
     *
     * @example
     * import { concurrent, har } from 'k6/x/fetch';
     *
     * const visit = har('visit.har', { pace: 2 }); // twice as fast as it was recorded
     *
     * export default async function () {
     *   const run = await concurrent(visit);
     *   console.log(`the last was ${run.results[run.count - 1].timings.queued} ms late`);
     * }
     */
    export function har(path: string, options?: HAROptions): TargetList;

    /**
     * Fetches a sitemap, plain or compressed with gzip, in `setup()` or an iteration. If it is an index, its sitemaps
     * are fetched, too. Each is at most 64 MiB. Relative URLs are resolved against their sitemap's URL, after
     * redirects. The promise rejects with an `Error` if a sitemap cannot be fetched or is invalid.
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
     * Opens a sitemap file. The sitemaps of an index must be in the same folder, each with the last part of its URL as
     * its name. A misplaced element is invalid; elements of other namespaces are ignored. Otherwise it works like
     * {@link lines}.
     *
     * @param path - Path of the file, relative to the script.
     * @param options - What to do with invalid entries.
     */
    export function sitemap(path: string, options?: ListOptions): TargetList;

    /** Options of the functions that open lists. */
    export interface ListOptions {
        /**
         * What to do with invalid entries: throw an error, or skip and count them. A file that cannot be read to its
         * end is always an error, unless it is one of the sitemaps of an index. Default: `'fail'`.
         */
        onError?: "fail" | "skip";
    }

    /** Options of {@link har}. */
    export interface HAROptions extends ListOptions {
        /**
         * How far apart requests start: `'recorded'` is as they were recorded, by `startedDateTime`; a finite number
         * above 0 is how many times as fast, so that 2 halves the gaps. The list is then sorted by these dates, and an
         * entry without a valid one is invalid. Default: none, requests start as soon as they can.
         */
        pace?: "recorded" | number;
    }

    /** A column of a CSV file: its name in the first row, or its number from 0 in a file without such a row. */
    export type Column = string | number;

    /** Options of {@link csv}. Give all columns by name, or all by number. */
    export interface CSVOptions extends ListOptions {
        /** Column of the URLs. Default: `'url'`. */
        url?: Column;
        /** Column of the HTTP methods. */
        method?: Column;
        /** Column of the names in metrics. */
        name?: Column;
        /** Column of the bodies. */
        body?: Column;
        /** Columns of request headers, by header name. */
        headers?: { [name: string]: Column };
        /** The character that separates columns. Default: `','`. */
        delimiter?: string;
        /** The character that begins a line to skip. Default: none. */
        comment?: string;
    }

    /**
     * A list of targets in a file. It is immutable: its methods return new lists. If `setup()` returns it, the VUs get
     * an array.
     */
    export interface TargetList {
        /** How many targets it has. */
        readonly length: number;
        /** How many entries of the whole file were skipped: invalid ones, and those that `har()` leaves out. */
        readonly skipped: number;
        /**
         * The targets for which a function returns true. Each VU calls it for every target, so avoid it for very long
         * lists.
         */
        filter(keep: (target: { url: string; method: string; name: string }, index: number) => boolean): TargetList;
        /** A random sample of `n` targets, in list order. The same seed gives the same sample. Default seed: 0. */
        sample(n: number, seed?: number): TargetList;
        /**
         * The targets from index `from` up to, but not including, `to`. Negative indexes count from the end, as in
         * arrays.
         */
        slice(from?: number, to?: number): TargetList;
        /** The targets as an array. It throws if a body is binary, because JSON cannot hold it. */
        toJSON(): Target[];
    }

    // === Shares ===

    /** What can be divided: targets, and arrays and objects of anything that targets are made from. */
    export type Divisible = TargetList | readonly unknown[] | { readonly [name: string]: unknown };

    /**
     * Returns how many chunks a list has. Use it as a scenario's `iterations`, so that {@link chunk} takes each chunk
     * once. It can be called in the init context.
     *
     * @param targets - A list, or an object of targets by name.
     * @param size - Targets per chunk, at least 1.
     * @throws TypeError for anything else.
     */
    export function chunks(targets: Divisible, size: number): number;

    /**
     * Returns this iteration's chunk of a list. Over all VUs, and all instances of a distributed test, each chunk is
     * taken once. If there are more iterations than chunks, the surplus iterations get an empty list.
     *
     * It needs the executor `shared-iterations` or `per-vu-iterations`. With `--execution-segment`,
     * `--execution-segment-sequence` is required as well.
     *
     * @param targets - A list, or an object of targets by name.
     * @param size - Targets per chunk, the same as for {@link chunks}.
     * @throws TypeError if parts of the list would be lost or taken twice, and outside of iterations.
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
     * Returns this instance's part of a list in a distributed test, as large as its execution segment. Exactly one
     * iteration per instance must call it: use `per-vu-iterations` with 1 iteration, and as many VUs as there are equal
     * segments.
     *
     * @param targets - A list, or an object of targets by name.
     * @throws TypeError if parts of the list would be lost or taken twice, and outside of iterations.
     */
    export function partition<T extends Divisible>(targets: T): T;

    /**
     * Returns a report on everything that this k6 process has fetched so far, in all VUs. Use it in `handleSummary` or
     * `teardown`.
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
     * Writes a string, or the text of a run, a comparison or the summary of a stream, to standard output. It appears
     * above k6's progress bars, and keeps its line breaks in a pipe, too. (`console.log` writes to k6's log, which
     * escapes line breaks unless it is a terminal.) A missing newline at the end is added.
     *
     * @example
     * import { concurrent, print } from 'k6/x/fetch';
     *
     * export default async function () {
     *   print(await concurrent(['https://a.example.com/', 'https://b.example.com/']));
     * }
     * @throws TypeError for anything else. Throws in the init context, and if standard output cannot be written.
     */
    export function print(what: { text(): string } | string): void;

    // === Targets ===

    /**
     * What to fetch: everything that `http.batch` takes, which is an array (or a `SharedArray`) or an object of targets
     * by name; a `Map` of targets by name; any other iterable, such as a `Set` or a generator; or a list from a file.
     * An array has at most 10,000,000 targets, any other iterable 1,000,000.
     *
     * {@link Run.get} finds results by their keys. In `fetch_*` metrics and reports, keys are the names of the targets.
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

    /** `[method, url, body?, params?]`. The method is sent as written. */
    export type ArrayTarget = readonly [
        method: string,
        url: URLTarget,
        body?: RequestBody | null,
        params?: Params | null,
    ];

    /** `{ method?, url, body?, params?, start? }` */
    export interface ObjectTarget {
        /** HTTP method, sent in capitals. Default: `'GET'`. */
        method?: string;
        /** Absolute, or relative to the `baseURL` of the `Client`. */
        url: URLTarget;
        /**
         * Body: sent unchanged, or an object that is sent as a form, as browsers do. The form is multipart if it
         * contains an `http.file`, in a list as well. Values are converted with `String()`; a nested object is a
         * `TypeError`. GET and HEAD ignore it, as in `http.batch`.
         */
        body?: RequestBody | null;
        /** Settings of this target. */
        params?: Params | null;
        /**
         * Earliest start, from the start of the run: `'250ms'` or milliseconds, at least 0. Sort a list by it, because a
         * target does not start before those in front of it. `timings.queued` counts from it. Default: 0.
         *
         * @example
         * await concurrent(['https://a.example.com/', { url: 'https://a.example.com/style.css', start: '40ms' }]);
         */
        start?: string | number;
    }

    /** A page to visit: a target without a `start`. */
    export type PageURL = URLTarget | ArrayTarget | Omit<ObjectTarget, "start">;

    // === Options ===

    /**
     * Settings of one target, in its `params`, or of all targets, in the options of a call. `headers`, `cookies` and
     * `tags` of both are merged; everything else of the target overrides the call's.
     */
    export interface Settings<RT extends ResponseType = ResponseType> {
        /**
         * Whether to use HTTP/3 with https servers that have offered it by `Alt-Svc` (RFC 7838). The first request shows
         * the offer, and later ones on the same connections follow it. If HTTP/3 fails, or has no connection within 300
         * ms, the request goes over TCP, and `fallback` of the result says why. It is for `httpVersion: 'auto'`: another
         * version beside it is a `TypeError`, and one in the params of a target wins. Default: `false`.
         *
         * @example
         * const client = new Client({ altSvc: true });
         */
        altSvc?: boolean;
        /**
         * How to authenticate with the credentials in the URL: `'basic'`, `'digest'` or `'ntlm'`. Digest and NTLM wait
         * for the server's challenge. If it asks for another scheme, its 401 is the result. Default: `'basic'`.
         */
        auth?: AuthMethod;
        /**
         * How to compress the request body: `'gzip'`, `'deflate'`, `'br'`, `'zstd'`, or several, separated by commas.
         */
        compression?: string;
        /** Cookies to send in addition to those of the jar. They are not sent to another host after a redirect. */
        cookies?: { [name: string]: ParamsCookieValue };
        /**
         * Whether GET, HEAD, OPTIONS and TRACE may be sent as early data (0-RTT) when a connection of
         * HTTP/3 is made to a server that was connected to before. Somebody could send such requests again (RFC 8470), so
         * use it only where that does no harm. `early_data` of the result says whether it was. Default: `false`.
         */
        earlyData?: boolean;
        /** What counts as a success. Default: 200 to 399. */
        expectedStatuses?: ExpectedStatuses | Status | readonly Status[];
        /** Headers to send. */
        headers?: { [name: string]: string };
        /**
         * What a response must be. Otherwise the result has failed: `error` and `unmet` say why. Each expectation is a k6
         * check: it is in k6's summary and in every report, and thresholds on `checks` apply. Parts of a target override
         * those of the call, and these those of its `Client`; `null` expects nothing. With `page`, it is the document's.
         *
         * @example
         * await concurrent(urls, { expect: { body: { lacks: 'Page not found' }, headers: { 'content-type': /^text\/html/ } } });
         */
        expect?: Expectation | null;
        /**
         * HTTP version, for redirects as well. `'auto'` is what the server chooses over TLS, and HTTP/1.1 without TLS.
         * `'1.1'` never uses HTTP/2. `'2'` uses nothing else: a server without it is a failed result, with `error_code`
         * 1600. With `http://`, `'2'` is HTTP/2 with prior knowledge (RFC 9113, section 3.3), which is impossible
         * through a proxy, for digest and NTLM, and with k6's `httpDebug`. `'3'` is HTTP/3 and nothing else, at the UDP
         * port of the URL's number. It needs `https://` and TLS 1.3, and is impossible through a proxy: error codes from
         * 1800 on. `altSvc` uses it where servers offer it. Each version has its own connections. Default: `'auto'`.
         */
        httpVersion?: "auto" | "1.1" | "2" | "3";
        /**
         * Cookie jar; `null` for none. During a run, each target sees the jar as it was at the start, plus the cookies
         * of its own responses. After the run, the jar has the cookies of all responses. With `page`, requests have the
         * cookies of all responses before them. Default: the VU's jar.
         */
        jar?: CookieJar | null;
        /**
         * Maximum size of a body, after decompression if the body is kept. A larger body fails the result, and its rest
         * is not read. A number of bytes, or a string with a unit: B, kB, MB, GB (powers of 1000) or KiB, MiB, GiB
         * (powers of 1024). Default: `'10MB'` for `'text'` and `'binary'`, no limit for `'none'`.
         */
        maxBodySize?: string | number;
        /**
         * Name of the target in metrics and reports: `'url'`, `'host'`, `'path'`; a template with `{host}`, `{path}`,
         * `{key}` and `{index}`; or a function, which is called once per target before the run. `key` is the key in an
         * object or a `Map` of targets, otherwise the index.
         *
         * Default: the URL, or the host for targets of a list from a file. In `fetch_*` metrics and reports, but not in
         * k6's own metrics, a key takes precedence over the URL.
         *
         * With `page`, it is the name of the page, which its times have as well; resources are named by host and type.
         */
        name?: string | ((target: { url: string; method: string; index: number; key: string | number }) => string);
        /**
         * How many redirects to follow. If there is another, it is the response. Default: k6's option `maxRedirects` (10).
         */
        redirects?: number;
        /** How to keep the body. With `'none'` it is read, counted and discarded. Default: `'none'`. */
        responseType?: RT;
        /** Tags for the metrics. */
        tags?: { [name: string]: string | number | boolean };
        /**
         * What makes the promise reject, after the run: `true` for a target without a response, as in k6; `'failed'`
         * for any failure, including an unexpected status. Default: k6's option `throw`.
         */
        throw?: boolean | "failed";
        /**
         * Time limit of each attempt, including redirects and the body, from the moment it may start: `'1m30s'` or
         * milliseconds. Default: `'60s'`.
         */
        timeout?: string | number;
        /**
         * Sends a trace header with each request, so that traces of the servers can be found from results and metrics.
         * `true` is `{ propagator: 'w3c', sampling: 1 }`; `false` and `null` turn it off. Each target is a trace of its
         * own, whose id is `trace_id` of the result, and metadata of its samples. A target with a header `traceparent`
         * or `uber-trace-id` of its own is left alone. Default: `false`.
         */
        tracing?: boolean | Tracing | null;
    }

    /** How to trace requests. */
    export interface Tracing {
        /** The header: `'w3c'` sends `traceparent`, `'jaeger'` sends `uber-trace-id`. Default: `'w3c'`. */
        propagator?: "w3c" | "jaeger";
        /**
         * The share of targets, from 0 to 1, whose sampled flag is set. The others have a header and a `trace_id` as
         * well. Default: 1.
         */
        sampling?: number;
    }

    /** The `params` of a target: those of k6/http, and more. */
    export interface Params extends Settings {
        /** Limits of this target. Each key overrides that of the option `budget`; `null` removes the budget. */
        budget?: Budget | null;
        /**
         * As in `k6/http`: the value of `http.expectedStatuses()`, or `null` to accept any status. See
         * `expectedStatuses`.
         */
        responseCallback?: ReturnType<typeof k6ExpectedStatuses> | ExpectedStatuses | null;
    }

    /** Options of a call. An unknown name or a wrong value rejects with a `TypeError` that names it. */
    export interface Options<RT extends ResponseType = ResponseType> extends Settings<RT> {
        /**
         * Limits of each target, of all targets together, and of the run. Each limit is a k6 check: it is in k6's
         * summary and in every report, and thresholds on `checks` apply. Exceeding one does not make a result fail.
         * Keys of a call override those of its `Client`; `null` removes the budget.
         *
         * @example
         * await concurrent(urls, { budget: { elapsed: ['1s', 'p(95)<500'], status: 200, failed: 'rate<0.01' } });
         */
        budget?: RunBudget | null;
        /** Targets in flight at once, at least 1. Default: k6's option `batch` (20). */
        concurrency?: number;
        /**
         * Which connections to use: `'vu'`, those of the VU, kept between iterations; `'shared'`, one pool for all VUs
         * of this k6 process, which then share `perHost`, too; `'new'`, new ones, closed after the run. Default:
         * `'vu'`. A `Client` has its own.
         */
        connections?: "vu" | "shared" | "new";
        /**
         * Time limit of the whole run, as a string (`'30s'`) or in milliseconds. Targets whose request has not been
         * sent by then are not run; those in flight are cut off and fail. Default: none.
         */
        deadline?: string | number;
        /**
         * Called on the event loop with each result, in the order in which they end. An exception ends the run and
         * rejects the promise. A promise that it returns is not awaited. With a `stream`, it is called when `next()`
         * returns the result. With a list from a file, `run.results` is empty, so that memory stays bounded.
         */
        onResult?: (result: Result<RT>) => void;
        /** Targets in flight per host; 0 for no limit. Default: k6's option `batchPerHost` (6). */
        perHost?: number;
        /** Targets started per second, above 0. k6's option `rps` applies as well. Default: none. */
        rate?: number;
        /**
         * Further attempts after a connection error or a status of 429, 502, 503 or 504, if the method is idempotent
         * (not POST or PATCH). Delays grow from 0.1 s, with jitter; `Retry-After` is honoured, up to 30 s. Default: 0.
         */
        retries?: number;
    }

    /** Options of `compare`. */
    export interface CompareOptions<RT extends ResponseType = ResponseType>
        extends Options<RT>
    {
        /** How many measured rounds, at least 1. Default: 1. */
        rounds?: number;
        /** Whether to begin with an unmeasured round. Default: true. */
        warmup?: boolean;
    }

    /** A way of `compare`: its name, and options over those of the call. The call's `onResult` gets the results of all ways. */
    export interface Way<Name extends string = string, RT extends ResponseType = ResponseType>
        extends Omit<Options<RT>, "name" | "onResult">
    {
        /** Name of the way, up to 60 bytes. Names of targets are an option of the call. */
        name: Name;
        /** Absolute URL against which relative URLs are resolved (RFC 3986): end it with a slash. Default: none. */
        baseURL?: string;
    }

    /** What a page is visited as, and which of its resources are fetched. */
    export interface VisitSettings {
        /**
         * Where responses are kept for the next visit: `'vu'` is a cache of the VU's own, for up to 32 MiB; `'shared'`
         * is one for all VUs of this k6 process, for up to 256 MiB. It obeys `Cache-Control`, `ETag`, `Vary` and so on
         * as a browser does (RFC 9111). Default: `'none'`, each visit is a first one.
         */
        cache?: "none" | "vu" | "shared";
        /** Which colours the user prefers, for media queries. Default: `'light'`. */
        colorScheme?: "light" | "dark";
        /**
         * What of stylesheets is fetched: `'used'` is imports and fonts; `'all'` is each `url()` as well. A browser
         * fetches those of rules that match something, so more than the first and less than the second. Default:
         * `'used'`.
         */
        css?: "used" | "all";
        /** How deep frames are followed, from 0 (none) to 10. Default: 1, the frames of the page itself. */
        depth?: number;
        /** Device pixels per CSS pixel, above 0 and up to 16, by which `srcset` is chosen. Default: 1. */
        dpr?: number;
        /** Which resources are not fetched. Default: none. */
        ignore?: ResourceFilter | readonly ResourceFilter[];
        /**
         * Which resources are fetched, if they are not ignored. Nobody looks into a stylesheet or a frame that is not
         * fetched. Default: all.
         */
        include?: ResourceFilter | readonly ResourceFilter[];
        /** Whether images and frames with `loading=lazy` are fetched, as after scrolling down. Default: false. */
        lazy?: boolean;
        /** How many resources are fetched at most besides the document, from 0 to 100,000. Default: 500. */
        maxResources?: number;
        /** Size of the window in CSS pixels, for media queries and `sizes`. Default: 1280 × 720. */
        viewport?: { width: number; height: number };
    }

    /**
     * Tells resources apart: a regular expression for their URLs, a type, or a host, with its port unless it is the
     * usual one. `'*.example.com'` is every host below `example.com`. Go matches the regular expression, so lookaround,
     * back-references and the flag `y` are a `TypeError`.
     */
    export type ResourceFilter = RegExp | ResourceType | (string & {});

    /** Options of `page`. */
    export interface PageOptions<RT extends ResponseType = ResponseType>
        extends Omit<Options<RT>, "budget" | "onResult">, VisitSettings
    {
        /**
         * Limits of the page: of its times, its types, each of its results and the run. Otherwise as for `concurrent`.
         *
         * @example
         * import { page } from 'k6/x/fetch';
         *
         * export default async function () {
         *   const budget = { page_load: '3s', 'count:image': 20, 'bytes:script': '300kB' };
         *   await page('https://a.example.com/', { budget });
         * }
         */
        budget?: PageBudget | null;
        /** Called with each result as it ends, the document among them. Otherwise as for `concurrent`. */
        onResult?: (result: PageResult<RT>) => void;
        /** Requests in flight at once. Limits per host are lower. Default: 100. */
        concurrency?: number;
        /** Requests in flight per host; 0 for no limit. Default: as in browsers, 6 over HTTP/1.1, any over HTTP/2 and 3. */
        perHost?: number;
    }

    /** Options of a `Client`. Those of `VisitSettings` are for its `page()` alone. */
    export interface ClientOptions<RT extends ResponseType = ResponseType> extends CompareOptions<RT>, VisitSettings {
        /** As for each function; keys that only pages have are for `page()` alone. */
        budget?: PageBudget | null;
        /** Absolute URL against which relative URLs are resolved (RFC 3986): end it with a slash. Default: none. */
        baseURL?: string;
    }

    /** A status, or a range of them. */
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
     * A limit: a number is a maximum, except for `speedup` and `certificate_days`; a string may begin with an operator of k6's thresholds: `'<500'`, `'>=1'`. Times
     * are in milliseconds or have a unit (`'500ms'`, `'<1.5s'`), and so do sizes (`'100kB'`). All limits of a list must
     * hold. `null` removes an inherited limit.
     */
    export type Bound = number | string | readonly (number | string)[] | null;

    /**
     * Limits of a target. A target without a response fails every check except `queued` and `attempts`. One that was
     * not run is not checked.
     */
    export interface Budget {
        /** From leaving the queue to the end of the body. */
        elapsed?: Bound;
        /** From the start of the run, or from the target's `start`, until the target could start. */
        queued?: Bound;
        /** Waiting for a connection, including opening one. */
        blocked?: Bound;
        /** Resolving the host name. */
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
        /** Bytes of the body, as transferred. */
        bytes?: Bound;
        /** Statuses, as in `expectedStatuses`. */
        status?: ExpectedStatuses | Status | readonly Status[] | null;
        /** Attempts, including the first. */
        attempts?: Bound;
        /**
         * Whole days for which the server's certificate was still valid at the time of the answer. A number is a
         * minimum. A target without TLS fails the check. A response from a cache is not checked.
         */
        certificate_days?: Bound;
    }

    /**
     * Limits of a run and of each of its targets. A time may also have an expression of k6's thresholds, over all
     * results that ran: `'avg<200'`, `'min>1'`, `'med<100'`, `'max<1s'`, `'p(95)<500'`. It fails if no target had a
     * response.
     */
    export interface RunBudget extends Budget {
        /** Failed targets: a number, `'count<=3'`, or `'rate<0.01'` of those that ran. */
        failed?: Bound;
        /** Targets that were not run: a number, `'count<=3'`, or `'rate<0.01'` of all. */
        not_run?: Bound;
        /** Wall-clock time of the run. */
        run_elapsed?: Bound;
        /** `speedup` of the run. A number is a minimum. */
        speedup?: Bound;
        /** HTTP requests, including redirects and retries. */
        requests?: Bound;
    }

    /**
     * Limits of a page. Those that only a page has are exceeded if its document was not answered, or if something of it
     * was not run.
     */
    export interface PageBudget extends RunBudget, TypeBudget {
        /** {@link VisitTimings.load}. */
        page_load?: Bound;
        /** {@link VisitTimings.blocking}. */
        page_blocking?: Bound;
    }

    /** Limits by type: how many resources there are, those from a cache included, and how many bytes were received. */
    export type TypeBudget = { [key in `count:${ResourceType}` | `bytes:${ResourceType}`]?: Bound };

    /** What a response must be. The body is judged as it streams. `null` removes an inherited part. */
    export interface Expectation {
        /** Statuses, as in `expectedStatuses`. */
        status?: ExpectedStatuses | Status | readonly Status[] | null;
        /**
         * For each header its whole value, a regular expression that matches in it, or `null` if it must be absent.
         * Several lines are one value, joined by `', '`.
         */
        headers?: { [name: string]: string | RegExp | null } | null;
        /** What the decoded body must contain. */
        body?: BodyExpectation | null;
        /**
         * For each path of GJSON the value there, or a regular expression that matches a text there. The whole body is
         * needed for it, and `maxBodySize` is 10 MB unless it is set.
         *
         * @example
         * await concurrent(urls, { expect: { json: { status: 'up', 'services.#': 3, version: /^2\./ } } });
         */
        json?: { [path: string]: JSONValue | RegExp } | null;
        /** The certificate of the server, which is valid now. Without TLS there is none. */
        certificate?: {
            /** For how many days it is still valid, at least. */
            daysLeft: number;
        } | null;
    }

    /** What a decoded body must contain. Of an array, all must hold, but of several digests one. */
    export interface BodyExpectation {
        /** Texts that are in it, byte for byte in UTF-8. */
        contains?: string | readonly string[];
        /** Texts that are not in it. */
        lacks?: string | readonly string[];
        /**
         * Regular expressions that match in it. Go matches them: lookaround and back-references are a `TypeError`. The
         * whole body is needed for it, and `maxBodySize` is 10 MB unless it is set.
         */
        matches?: RegExp | readonly RegExp[];
        /** Its SHA-256 digest, in hexadecimal. */
        sha256?: string | readonly string[];
    }

    /** An expectation that a response did not meet. */
    export interface Unmet {
        /** The name of the check, the same for all targets: `'body lacks "Page not found"'`. */
        readonly check: string;
        /** What came instead: `'it is there'`. */
        readonly got: string;
    }

    /** The verdict on one limit of a budget. */
    export interface Verdict {
        /** The name of the check, the same for all targets: `'elapsed <= 500 ms'`, `'p(95) of elapsed < 500 ms'`. */
        readonly check: string;
        /** Whether it held. */
        readonly ok: boolean;
        /**
         * The value that was checked, in milliseconds, bytes or as a number; `null` without a response, and for
         * `certificate_days` without TLS.
         */
        readonly value: number | null;
    }

    // === Run ===

    /** The function that made a run. */
    export type Mode = "sequential" | "concurrent" | "stream" | "page";

    /**
     * The outcome of a list of targets.
     *
     * `count` is always `ok + failed + notRun`.
     */
    export interface Run<RT extends ResponseType = ResponseType, M extends string = Mode> {
        /** Which function it came from; in a comparison of ways, the name of the way. */
        readonly mode: M;
        /** The concurrency it ran with. */
        readonly concurrency: number;
        /** Wall-clock time of the run, in ms. */
        readonly elapsed: number;
        /** Sum of all results' `timings.elapsed`, in ms: roughly how long a sequential run would take. */
        readonly total: number;
        /** `total / elapsed`; 0 if nothing ran. */
        readonly speedup: number;
        /** Most targets in flight at once. */
        readonly peak: number;
        /** Number of targets. */
        readonly count: number;
        /** Targets with an expected status. */
        readonly ok: number;
        /** Targets that failed: no response, an unexpected status, or a body that is too large. */
        readonly failed: number;
        /** Targets for which no request was sent, because of the deadline or the end of the iteration. */
        readonly notRun: number;
        /** HTTP requests, including redirects and retries. */
        readonly requests: number;
        /** Bytes of all bodies, as transferred. */
        readonly bytes: number;
        /** Targets over their budget. */
        readonly overBudget: number;
        /** Verdicts on the budget of the run itself; empty without one. */
        readonly budget: readonly Verdict[];
        /**
         * One result per target, in the order of the targets; empty in the summary of a stream, and with `onResult` for
         * a list from a file.
         *
         * The array is read-only, and each access creates the element anew: `run.results[0] !== run.results[0]`. Keep a
         * result in a variable to compare it, and copy the array to sort it: `[...run.results].sort(…)`.
         */
        readonly results: readonly Result<RT>[];
        /**
         * Returns the result for a key: the target's key in an object, or its index in a list. `undefined` if there is
         * none.
         *
         * @example
         * const run = await concurrent({ home: 'https://a.example.com/' });
         * console.log(run.get('home')?.status);
         */
        get(key: string | number): Result<RT> | undefined;
        /**
         * Returns the slowest results, the slowest first, without those that were not run.
         *
         * @param n - How many. Default: 1.
         * @example
         * for (const page of run.slowest(3)) console.log(page.url, page.timings.elapsed);
         */
        slowest(n?: number): Result<RT>[];
        /**
         * Returns the failed results, in the order of the targets.
         *
         * @example
         * for (const page of run.failures()) console.log(page.name, page.error || page.status);
         */
        failures(): Result<RT>[];
        /**
         * Returns a percentile of a time, in ms, over the results that ran, interpolated as in k6's trends; 0 if none
         * ran.
         *
         * @param p - From 0 to 100.
         * @param timing - Which time. Default: `'elapsed'`.
         * @throws TypeError for anything else.
         * @example
         * const slow = run.percentile(95, 'waiting');
         */
        percentile(p: number, timing?: keyof Timings): number;
        /**
         * Returns a text with a line for each target, with its time and a bar, a line with the total, and a line for
         * each check of a budget. The slowest target has the longest bar. With more than 50 targets, it has the failed
         * ones and the 20 slowest others. It ends with a newline.
         *
         * The text of a visit has the type, URL, time and status of each resource, in the order of their discovery, with
         * bars where their times were. Instead of the total, it has the times of the page.
         */
        text(): string;
        /** Returns a report on this run. `'csv'` and `'har'` have every result. */
        report(format: ReportFormat, options?: ReportOptions): string;
        /**
         * Returns plain objects without headers and bodies: what `JSON.stringify(run)` uses and `setup()` can return.
         */
        toJSON(): RunRecord<M>;
    }

    // === Result ===

    /** The state of a target: an expected response; another response, or none; or never sent. */
    export type State = "done" | "failed" | "not_run";

    /**
     * The outcome of one target. It has everything that k6's `Response` has, except `clickLink()` and `submitForm()`,
     * so that checks work unchanged.
     *
     * Results and their values are created on access: changing one does not change `run.results`.
     */
    export interface Result<RT extends ResponseType = ResponseType> {
        /** Index of the target in its list, from 0. */
        readonly index: number;
        /** Key of the target in an object or a `Map` of targets, otherwise its index. */
        readonly key: string | number;
        /** Name in reports: the option `name`, the template of `` http.url`…` ``, the key, or the URL. */
        readonly name: string;
        /** The final URL, after redirects. User and password are masked. */
        readonly url: string;
        /** The state of the target. */
        readonly state: State;
        /** Whether the status was expected: `state === 'done'`. */
        readonly ok: boolean;
        /** HTTP status; 0 without a response, or if its body is incomplete. */
        readonly status: number;
        /** HTTP status and its text, e.g. `'200 OK'`. */
        readonly status_text: string;
        /** HTTP version, e.g. `'HTTP/1.1'`. Empty without a response. */
        readonly proto: Protocol | "HTTP/3.0";
        /**
         * Why the last request went over TCP although its server had offered HTTP/3, e.g. `'quic: connection refused'`.
         * Empty without the option `altSvc`, without an offer, and if it went over HTTP/3.
         */
        readonly fallback: string;
        /** What went wrong, without addresses, ports and times; empty for an unexpected status. */
        readonly error: string;
        /** k6's error code, 0 for none. A status of 400 or more is 1000 + the status. */
        readonly error_code: number;
        /** When it left the queue, in ms from the start of the run. */
        readonly started: number;
        /** When it ended, in ms from the start of the run. */
        readonly ended: number;
        /** Where the time went. */
        readonly timings: Timings;
        /** Whether the last request reused a connection. */
        readonly reused: boolean;
        /** Whether the last request was sent as early data of HTTP/3, before the handshake was done. */
        readonly early_data: boolean;
        /** Bytes of the body, as transferred. */
        readonly bytes: number;
        /** Attempts, including retries. */
        readonly attempts: number;
        /**
         * Requests that were sent again automatically, because an idle connection turned out to be closed, or because
         * a server of HTTP/2 or HTTP/3 had not processed them. They are not attempts.
         */
        readonly resent: number;
        /** The redirects on the way. */
        readonly redirects: Redirect[];
        /** Verdicts on its budget; empty without one, or if it was not run. */
        readonly budget: Verdict[];
        /** What it did not meet of `expect`; empty if it met everything, was not answered or not run. */
        readonly unmet: Unmet[];
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
        /** The server's certificate, from the last connection; `null` without TLS. */
        readonly certificate: Certificate | null;
        /**
         * Id of the trace that its requests, redirects and retries included, belong to. Empty without the option
         * `tracing`, and if no request was sent.
         */
        readonly trace_id: string;
        /** Response headers; several with the same name are joined by `', '`. */
        readonly headers: { [name: string]: string };
        /** Cookies set by the response. */
        readonly cookies: { [name: string]: ResponseCookie[] };
        /** The first request. */
        readonly request: Request;
        /**
         * The body: a string, or an `ArrayBuffer` with `responseType: 'binary'`. An incomplete body has the part that
         * arrived; after HEAD it is empty. It is `null` if there was none, if it could not be decoded, or if it is
         * larger than `maxBodySize`. Content codings are decoded as in k6; more than 100 of them, or five of `br` and
         * `zstd`, fail the result. The buffer is a copy: writing to it changes nothing else.
         *
         * @throws TypeError with the default, `responseType: 'none'`, which keeps no body.
         */
        readonly body: Body<RT>;
        /**
         * Parses the body as JSON. It needs `responseType: 'text'` or `'binary'`.
         *
         * @throws TypeError if the body was not kept or there was none, and an error if it is not JSON.
         */
        json(): OfBody<RT, JSONValue>;
        /**
         * Finds a value in a JSON body. It needs `responseType: 'text'` or `'binary'`.
         *
         * @param selector - GJSON path.
         * @returns The value; `undefined` if it does not exist, or if the body is not JSON.
         * @throws TypeError if the body was not kept or there was none.
         * @example
         * const first = page.json('users.0.name');
         */
        json(selector: string): OfBody<RT, JSONValue | undefined>;
        /**
         * Parses the body as HTML, and finds elements by a selector. It needs `responseType: 'text'` or `'binary'`.
         *
         * @param selector - As for `Selection.find()` of `k6/html`. Default: the whole document.
         * @throws TypeError if the body was not kept or there was none.
         */
        html(selector?: string): OfBody<RT, Selection>;
    }

    /**
     * The type of `body`, by the `responseType` of the call or of its `Client`. It is `never` for `'none'`, because
     * reading it throws. As in `k6/http`, the type does not include `null`: check `ok` or `status` first. The type
     * ignores `params` of single targets: set `responseType` for the call, and `'none'` for the others.
     */
    export type Body<RT extends ResponseType> = { text: string; binary: ArrayBuffer; none: never }[RT];

    /** The type of a value from a body: `never` if no body is kept. */
    export type OfBody<RT extends ResponseType, T> = { text: T; binary: T; none: never }[RT];

    /** Phases of one HTTP request, in ms; 0 for a phase that was not reached. */
    export interface Phases {
        /** Waiting for a connection. For a new one it includes look-up, connecting and TLS handshake. */
        readonly blocked: number;
        /** Resolving the host name; 0 on an existing connection. k6 only has it as part of `blocked`. */
        readonly looking_up: number;
        /** Connecting to the host; 0 on an existing connection. For HTTP/3 it includes the TLS handshake. */
        readonly connecting: number;
        /** TLS handshake; 0 on an existing connection. For HTTP/3 it is a part of `connecting`. */
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
        /**
         * From the start of the run, or from the target's `start`, until the target could start: waiting for a worker,
         * its host, or the rate.
         */
        readonly queued: number;
        /**
         * From leaving the queue to the end of the body, including look-up, connection, redirects and retries: how long
         * this URL took.
         */
        readonly elapsed: number;
    }

    /**
     * The certificate of a server.
     *
     * @example
     * const soon = run.results.filter((r) => r.certificate && r.certificate.daysLeft < 14).map((r) => r.url);
     */
    export interface Certificate {
        /** Whose it is, in the form of RFC 2253: `'CN=a.example,O=Example'`. */
        readonly subject: string;
        /** Who signed it, in the same form. */
        readonly issuer: string;
        /** Start of its validity, in UTC: `'2026-01-31T00:00:00Z'`. */
        readonly notBefore: string;
        /** End of its validity. */
        readonly notAfter: string;
        /** The host names that it is for. */
        readonly dnsNames: string[];
        /** Serial number in hexadecimal, as `openssl` prints it. */
        readonly serial: string;
        /** SHA-256 of the certificate (DER) in hexadecimal, in lower case. */
        readonly sha256: string;
        /** Whole days from the end of the result to `notAfter`; negative if it had expired. */
        readonly daysLeft: number;
    }

    /** One redirect before the response. */
    export interface Redirect {
        /** URL of the request. User and password are masked. */
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

    /** A cookie set by a response. */
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

    // === Visit ===

    /**
     * What a resource is for, by the destinations of the Fetch standard. `'document'` is the page and its frames,
     * `'media'` audio and video, `'other'` a preload for scripts.
     */
    export type ResourceType =
        | "document"
        | "style"
        | "script"
        | "font"
        | "image"
        | "media"
        | "track"
        | "manifest"
        | "embed"
        | "object"
        | "other";

    /**
     * The outcome of {@link page}: a run whose first result is the document. The others are its resources, in the order
     * in which they were found.
     */
    export interface Visit<RT extends ResponseType = ResponseType> extends Run<RT, "page"> {
        /** The result of the document: `results[0]`. */
        readonly document: PageResult<RT>;
        /** How long the page took. */
        readonly timings: VisitTimings;
        /** Results from the cache, without any request. */
        readonly hits: number;
        /** Results of which the server said that the cache still has what is current. */
        readonly validated: number;
        /** All other results that ran. */
        readonly misses: number;

        /** How many resources were not fetched because the page has more than `maxResources`. */
        readonly skipped: number;
        readonly results: readonly PageResult<RT>[];
        get(key: string | number): PageResult<RT> | undefined;
        slowest(n?: number): PageResult<RT>[];
        failures(): PageResult<RT>[];
        /**
         * Returns what the resources of each type come to.
         *
         * @example
         * const { script, image } = visit.byType();
         * console.log(`${script.bytes} bytes of scripts, ${image.count} images`);
         */
        byType(): { readonly [type in ResourceType]: TypeSummary<RT> };
        /**
         * Returns what was requested, as targets, in the order of their starts. With the same options,
         * `concurrent(visit.toTargets())` requests it again at the same pace, without looking into anything.
         */
        toTargets(): PageTarget[];
        toJSON(): VisitRecord;
    }

    /** How long a page took, in ms from the start of the run. */
    export interface VisitTimings {
        /** Until the document had come. */
        readonly document: number;
        /** Until all that keeps the page from being shown had come: the document, stylesheets and blocking scripts. */
        readonly blocking: number;
        /** Until everything had come. */
        readonly load: number;
    }

    /** What the resources of one type come to. */
    export interface TypeSummary<RT extends ResponseType = ResponseType> {
        readonly count: number;
        readonly ok: number;
        readonly failed: number;
        readonly notRun: number;
        /** Results from the cache. */
        readonly hits: number;
        /** HTTP requests, including redirects and retries. */
        readonly requests: number;
        /** Bytes of the bodies, as transferred. */
        readonly bytes: number;
        readonly results: PageResult<RT>[];
    }

    /** The result of the document or of a resource. */
    export interface PageResult<RT extends ResponseType = ResponseType> extends Result<RT> {
        /** What it is for. */
        readonly type: ResourceType;
        /** What refers to it; `null` for the page itself. */
        readonly initiator: Initiator | null;
        /** How urgent it was, as Chromium sees it before layout. */
        readonly priority: Priority;
        /** Whether the page cannot be shown before it has come. */
        readonly blocking: boolean;
        /** Whether it came from the cache, without any request. Its times are 0, and no `fetch_*` trend has them. */
        readonly fromCache: boolean;
    }

    /** How urgent a request is, as developer tools of Chromium show it. */
    export type Priority = "highest" | "high" | "medium" | "low" | "lowest";

    /** What refers to a resource. */
    export interface Initiator {
        /** Index of the result of the document or the stylesheet. */
        readonly index: number;
        /** The name of the element, or `'css:@import'`, `'css:@font-face'` or `'css:url'`. */
        readonly element: string;
        /** URL of the document or the stylesheet, before redirects. User and password are masked. */
        readonly url: string;
    }

    /** What a visit has requested, as a target. */
    export interface PageTarget extends ObjectTarget {
        method: string;
        url: string;
        /** The headers that were sent, the name, and the tag `type`. */
        params: Params;
        /** When it started, in ms from the start of the visit. */
        start: number;
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
        /** All measured rounds, in order. */
        readonly rounds: Round<RT>[];
        /** Returns the texts of both runs, with bars of the same scale, and the speed-up. It ends with a newline. */
        text(): string;
        /** Returns a report on both runs. */
        report(format: ReportFormat, options?: ReportOptions): string;
    }

    /** One measured round. */
    export interface Round<RT extends ResponseType = ResponseType> {
        /** Which way went first. */
        readonly order: ["sequential", "concurrent"] | ["concurrent", "sequential"];
        readonly sequential: Run<RT>;
        readonly concurrent: Run<RT>;
    }

    /** The result of `compare` with ways. */
    export interface WaysComparison<Name extends string = string, RT extends ResponseType = ResponseType> {
        /** A run of each way, by its name. */
        readonly ways: WayRuns<Name, RT>;
        /** Name of the way that took the least time; `null` unless all fetched the same number of URLs, and any at all. */
        readonly fastest: Name | null;
        /** How many times faster the last way was than the first, by wall clock. */
        readonly speedup: number;
        /** All measured rounds, in order. */
        readonly rounds: WaysRound<Name, RT>[];
        /**
         * The text of all runs, with bars on one scale, and which way was the fastest. No way is called faster unless all
         * fetched the same number of URLs. It ends with a newline.
         */
        text(): string;
        /** Returns a report on all ways. */
        report(format: ReportFormat, options?: ReportOptions): string;
    }

    /** One time each way. */
    export interface WaysRound<Name extends string = string, RT extends ResponseType = ResponseType> {
        /** Names of the ways, in the order in which they ran. */
        readonly order: Name[];
        /** A run of each way, by its name. */
        readonly ways: WayRuns<Name, RT>;
    }

    /** A run of each way, by its name. */
    export type WayRuns<Name extends string = string, RT extends ResponseType = ResponseType> = {
        readonly [W in Name]: Run<RT, W>;
    };

    // === Stream ===

    /** Results as they end. */
    export interface Stream<RT extends ResponseType = ResponseType> {
        /** Resolves to the next result; at the end, and after `close()`, to `{ done: true }`. */
        next(): Promise<StreamItem<RT>>;
        /** Ends the stream: targets in flight are cut off, and the others are not run. */
        close(): void;
        /**
         * The run without results.
         *
         * @throws TypeError before the end of the stream and before `close()`.
         */
        summary(): Run<RT>;
    }

    /** What `next()` resolves to. */
    export type StreamItem<RT extends ResponseType = ResponseType> =
        | { done: false; value: Result<RT> }
        | { done: true; value?: undefined };

    // === Errors and records ===

    /** The error that a promise rejects with because of the option `throw`. */
    export interface RunError<T extends Run | Comparison | WaysComparison = Run> extends Error {
        /** The run, the visit or the comparison, complete. */
        run: T;
    }

    // === Reports ===

    /**
     * Format of a report: text for a terminal, a self-contained HTML page, JSON, Markdown for the summary of a pull
     * request, CSV, JUnit XML or TAP with a test case for each name and each budget of runs, an HTTP archive (HAR) for
     * browsers' developer tools, in which a visit is a page with its times, or a baseline: one sorted line per name, fit
     * for a repository, which later reports compare with.
     */
    export type ReportFormat = "text" | "html" | "json" | "markdown" | "csv" | "junit" | "tap" | "har" | "baseline";

    /** Options of `report()`. */
    export interface ReportOptions {
        /** Title of the report. Default: `'Fetch report'`. */
        title?: string;
        /**
         * The argument of `handleSummary`. With it, every format has the thresholds, with their values, and the checks.
         * The text begins with k6's own summary, which k6 does not print if there is a `handleSummary`. The verdict is
         * that of the thresholds, if there are any.
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
         * Whether the text of the whole test may have colours. It has them only if k6 prints to a terminal and nothing
         * turns them off, such as `NO_COLOR`. Default: false.
         */
        colors?: boolean;
        /**
         * An earlier report to compare with: the string that `report('baseline')` or `report('json')` returned, or the
         * latter parsed. The report then says for each name whether it got slower (Mann-Whitney test) or fails more
         * often (Fisher's exact test). If so, JUnit, TAP and `passed` of JSON fail.
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
         * The significance level: the highest acceptable probability that any name is called slower, faster, failing or
         * healed by chance alone. Between 0 and 1, exclusive. Default: 0.01.
         */
        significance?: number;
        /**
         * The smallest relative change that counts. A name that changed by less is neither slower nor faster, failing
         * nor healed, however certain the change is. At least 0. Default: 0.05 (5 %).
         */
        tolerance?: number;
        /**
         * Width of a text in columns: an integer from 40 to 500. A URL is never cut: a wider one has its own line.
         * Only the text of a visit leaves out the middle of long paths.
         * Default: the width of k6's terminal, up to 200, or 80 without one.
         */
        width?: number;
    }

    /** What `toJSON()` of a `Run` returns. */
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
        /** Absent if there are no results. */
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
        early_data: boolean;
        fallback: string;
        bytes: number;
        attempts: number;
        resent: number;
        timings: Timings;
        /** Absent without redirects. */
        redirects?: Redirect[];
        budget: Verdict[];
        unmet: Unmet[];
        certificate: Certificate | null;
        /** Absent without the option `tracing`. */
        trace_id?: string;
    }

    /** What `toJSON()` of a {@link Visit} returns. */
    export interface VisitRecord extends RunRecord<"page"> {
        timings: VisitTimings;
        hits: number;
        validated: number;
        misses: number;
        skipped: number;
        results?: PageResultRecord[];
    }

    /** One result of a {@link VisitRecord}. */
    export interface PageResultRecord extends ResultRecord {
        type: ResourceType;
        priority: Priority;
        blocking: boolean;
        fromCache: boolean;
        initiator: Initiator | null;
    }

    /** The default export, with everything: `import fetch from 'k6/x/fetch'`. */
    const fetch: {
        sequential: typeof sequential;
        concurrent: typeof concurrent;
        compare: typeof compare;
        stream: typeof stream;
        page: typeof page;
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
