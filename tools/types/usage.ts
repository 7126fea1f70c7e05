// What the types must allow, and what they must refuse. It is compiled, never run.

import { SharedArray } from "k6/data";
import http, { BatchRequests, RefinedResponse, Response } from "k6/http";
import fetch, {
    chunk,
    chunks,
    Client,
    Comparison,
    WaysComparison,
    compare,
    concurrent,
    csv,
    expectedStatuses,
    har,
    lines,
    page as visitPage,
    PageResult,
    partition,
    Result,
    Run,
    RunError,
    sequential,
    sitemap,
    Stream,
    stream,
    Target,
    TargetList,
    Targets,
    Visit,
} from "k6/x/fetch";

// A result is what k6's response is, but for what needs an HTML parser. (@types/k6 spells http_only and max_age of
// cookies as k6 does not, and knows of no HTTP/3.)
type Lacking = "html" | "clickLink" | "submitForm" | "cookies" | "proto";
declare const page: Result<"text">;
export const response: Omit<Response, Lacking | "json"> & { json(selector?: string): unknown } = page;

declare const page404: Result;
const status = (r: { status: number; timings: { duration: number } }) => r.status < 400 && r.timings.duration < 1;
status(page404);
declare const old: RefinedResponse<"text">;
status(old);

// Whatever http.batch takes.
declare const batch: BatchRequests;
export const targets: Targets = batch;

export async function targetForms() {
    const url = "https://example.com/";
    await sequential([]);
    await sequential([url, http.url`${url}${1}`, ["GET", url], ["POST", url, { a: "b" }, { timeout: "1s" }]]);
    await sequential([{ url }, { method: "PUT", url, body: "x", params: { responseCallback: null } }]);
    await concurrent({ home: url, login: ["POST", url, null, { responseCallback: http.expectedStatuses(200) }] });
    await concurrent(new SharedArray("urls", () => [url]));
    function* pages() {
        yield url;
        yield ["PUT", url] as const;
    }
    await concurrent(pages());
    await concurrent(new Set([url]));
    await concurrent(new Map<string, Target>([["home", url], ["login", ["POST", url]]]));
    await concurrent({ home: url }, { name: ({ key, index }) => `${key} ${index}` });
    // @ts-expect-error no targets
    await concurrent(new Set([5]));
    // @ts-expect-error keys must be strings
    await concurrent(new Map([[5, { url }]]));
    await concurrent([url, { url, start: "250ms" }, { url, start: 1500 }]);
    // @ts-expect-error no duration
    await concurrent([{ url, start: true }]);
    // @ts-expect-error a start is part of a target
    await concurrent([{ url, params: { start: 5 } }]);
    // @ts-expect-error a URL is no list
    await concurrent(url);
    // @ts-expect-error no URL
    await concurrent([{ method: "GET" }]);
    // @ts-expect-error no such param
    await concurrent([{ url, params: { concurrency: 1 } }]);
}

export async function options() {
    const jar = http.cookieJar();
    await concurrent([], { jar, deadline: "1m", timeout: 500, maxBodySize: "1MB", onResult: (r) => r.index });
    await concurrent([], { expectedStatuses: [200, { min: 300, max: 399 }] });
    await concurrent([], { expectedStatuses: expectedStatuses(200, { min: 300, max: 399 }), jar: null });
    await concurrent([{ url: "https://example.com/", params: { httpVersion: "1.1" } }], { httpVersion: "2" });
    await new Client({ httpVersion: "auto" }).sequential([], { httpVersion: "1.1" });
    await new Client({ altSvc: true, earlyData: true }).page("https://example.com/", { httpVersion: "3" });
    const { fallback, early_data, proto } = (await concurrent([{ url: "https://example.com/", params: { altSvc: false, earlyData: true } }])).results[0];
    const how: [string, boolean, boolean] = [fallback, early_data, proto === "HTTP/3.0"];
    console.log(how);
    // @ts-expect-error a boolean
    await concurrent([], { altSvc: "h3" });
    await compare([], { rounds: 3, warmup: false });
    await new Client({ baseURL: "https://example.com/", rounds: 3 }).compare([], { rounds: 1 });
    await compare([], [{ name: "h1", httpVersion: "1.1" }, { name: "h2", httpVersion: "2" }, { name: "h3", httpVersion: "3" }], { rounds: 3, name: "host" });
    await compare([], [{ name: "a", baseURL: "https://a.example/", concurrency: 1 }, { name: "b", baseURL: "https://b.example/" }]);
    // @ts-expect-error a way has a name
    await compare([], [{ httpVersion: "1.1" }, { name: "h2" }]);
    // @ts-expect-error rounds are of the call
    await compare([], [{ name: "h1", rounds: 3 }, { name: "h2" }]);
    // @ts-expect-error results of all ways go to one function
    await compare([], [{ name: "h1", onResult: () => {} }, { name: "h2" }]);
    // @ts-expect-error no such option of a way
    await compare([], [{ name: "h1", httpVersoin: "1.1" }, { name: "h2" }]);
    // @ts-expect-error only compare has ways
    await concurrent([], [{ name: "h1" }, { name: "h2" }]);
    new Client();
    const checks = await concurrent(
        [{ url: "https://example.com/", params: { budget: { elapsed: "<500", bytes: null, status: [200, { min: 300, max: 399 }] } } }],
        { budget: { elapsed: ["1s", "p(95)<500"], failed: "rate<0.01", speedup: 2, status: expectedStatuses(200) } },
    );
    const verdict: { check: string; ok: boolean; value: number | null } = checks.budget[0] ?? checks.results[0].budget[0];
    await concurrent([verdict.check], { budget: null });
    // @ts-expect-error only a run has failures
    await concurrent([{ url: "https://example.com/", params: { budget: { failed: 0 } } }]);
    // @ts-expect-error no such key
    await concurrent([], { budget: { latency: 5 } });
    // @ts-expect-error only compare has rounds
    await concurrent([], { rounds: 3 });
    // @ts-expect-error only a Client has a base URL
    await concurrent([], { baseURL: "https://example.com/" });
    // @ts-expect-error no such option
    await concurrent([], { concurency: 3 });
    // @ts-expect-error a string, because 2.0 would be the same number
    await concurrent([], { httpVersion: 2 });
    await concurrent([{ url: "https://example.com/", params: { tracing: null } }], { tracing: { propagator: "jaeger", sampling: 0.5 } });
    const { trace_id }: { trace_id: string } = (await new Client({ tracing: true }).page("https://example.com/")).document;
    console.log(trace_id);
    // @ts-expect-error no such propagator
    await concurrent([], { tracing: { propagator: "b3" } });
    // @ts-expect-error no such part
    await concurrent([], { tracing: { sample: 1 } });
    // @ts-expect-error no such version
    await concurrent([], { httpVersion: "1.0" });
    // @ts-expect-error at least one
    expectedStatuses();
    // @ts-expect-error only made by expectedStatuses()
    await concurrent([], { expectedStatuses: {} });
}

export async function results() {
    const run = await concurrent(["https://example.com/"], { responseType: "text" });
    const first = run.results[0];
    const text: string | null = first.body;
    const bytes: ArrayBuffer = (await concurrent([], { responseType: "binary" })).results[0].body;
    const missing: undefined | unknown = first.json("a.b");
    const left: number | undefined = first.certificate?.daysLeft;
    // @ts-expect-error it is null without TLS
    first.certificate.issuer;
    await concurrent([], { budget: { certificate_days: [14, "<=398"] } });
    const p: number = run.percentile(95, "looking_up");
    // @ts-expect-error no such time
    run.percentile(95, "total");
    // @ts-expect-error it may not be there
    run.get("home").status;
    // @ts-expect-error it cannot be changed
    run.results[0] = first;
    // @ts-expect-error a redirect was not queued
    first.redirects[0].timings.queued;
    JSON.stringify(run.toJSON().results?.map((r) => r.timings.elapsed));
    return [text, bytes, missing, p];
}

// Same reports whether two types are the same one, never, any and null apart.
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;
const is = <_Yes extends true>() => {};
type Text = string;
type Binary = ArrayBuffer;

// What body is, wherever a result comes from.
export async function bodies(list: TargetList, url: string, page: Result) {
    const noBody = [
        (await sequential([url])).results[0],
        (await concurrent([url], {})).results[0],
        (await concurrent([url], { concurrency: 3 })).results[0],
        (await concurrent(list, { responseType: "none" })).results[0],
        (await compare([url], { rounds: 2 })).rounds[0].sequential.results[0],
        (await compare([url])).concurrent.slowest()[0],
        (await new Client().concurrent([url])).failures()[0],
        (await new Client({ responseType: "text" }).concurrent([url], { responseType: "none" })).results[0],
    ] as const;
    is<Same<typeof noBody[number]["body"], never>>();
    is<Same<ReturnType<typeof noBody[number]["json"]>, never>>();
    is<Same<ReturnType<typeof noBody[number]["html"]>, never>>();

    const api = new Client({ responseType: "text", retries: 1 });
    const texts = [
        (await sequential([url], { responseType: "text" })).results[0],
        (await compare([url], { responseType: "text" })).sequential.results[0],
        (await api.sequential([url])).results[0],
        (await api.concurrent({ home: url }, { concurrency: 3 })).results[0],
        (await api.compare([url], { rounds: 1 })).rounds[0].concurrent.results[0],
        (await new Client<"text">().concurrent([url])).results[0],
    ] as const;
    is<Same<typeof texts[number]["body"], Text>>();

    const binary = (await api.concurrent([url], { responseType: "binary" })).get(0);
    is<Same<NonNullable<typeof binary>["body"], Binary>>();

    const item = await api.stream([url]).next();
    const bare = await stream([url]).next();
    if (!item.done && !bare.done) {
        is<Same<typeof item.value.body, Text>>();
        is<Same<typeof bare.value.body, never>>();
    }
    const summary = api.stream([url]).summary();
    is<Same<typeof summary, Run<"text">>>();

    // What the options say is what onResult gets.
    await concurrent([url], { onResult: (r) => is<Same<typeof r.body, never>>() });
    await concurrent([url], { onResult: (r) => is<Same<typeof r.body, Text>>(), responseType: "text" });
    await api.concurrent([url], { onResult: (r) => is<Same<typeof r.body, Text>>() });
    await api.concurrent([url], { onResult: (r) => is<Same<typeof r.body, Binary>>(), responseType: "binary" });

    // Where nothing is known of the type, it is any of them, and each result is one.
    is<Same<typeof page.body, string | ArrayBuffer>>();
    const open = await concurrent([url], { responseType: undefined });
    is<Same<typeof open, Run>>();
    const either = await concurrent([url], { responseType: Math.random() < 0.5 ? "text" : "binary" });
    is<Same<typeof either.results[0]["body"], string | ArrayBuffer>>();
    const anything: Result[] = [...noBody, ...texts];
    const run: Run = await concurrent([url]);
    const comparison: Comparison = await api.compare([url]);
    const ways = await api.compare([url], [{ name: "h1" }, { name: "h2", responseType: "text" }]);
    is<Same<typeof ways.fastest, "h1" | "h2" | null>>();
    is<Same<typeof ways.ways.h1.mode, "h1">>();
    is<Same<typeof ways.rounds[0]["order"], ("h1" | "h2")[]>>();
    const named: WaysComparison = ways;
    // @ts-expect-error no such way
    ways.ways.h3;
    const results: Stream = stream([url]);

    // @ts-expect-error a result without a body has no text
    let text: Result<"text"> = noBody[0];
    // @ts-expect-error nor is it known that one of any type has
    text = run.results[0];
    // @ts-expect-error and bytes are none
    text = binary ?? texts[0];
    // @ts-expect-error no body is kept
    noBody[0].body.length;
    // @ts-expect-error nor is what is made of it
    noBody[0].json("users").length;
    texts[0].body.length; // though it is null where none came, as in k6/http
    // @ts-expect-error no such type
    new Client({ responseType: "json" });
    return [anything, run, comparison, named, results, text];
}

export async function pages(url: string) {
    const visit = await visitPage(url, {
        cache: "vu", colorScheme: "dark", css: "all", depth: 0, dpr: 2, lazy: true, maxResources: 50, viewport: { width: 390, height: 844 },
        ignore: ["media", "*.ads.example", /analytics/], include: /./, perHost: 2, concurrency: 10, name: "home", deadline: "1m",
        budget: { page_load: "3s", page_blocking: ["<1s", 1500], "count:image": 20, "bytes:script": "300kB", elapsed: "p(95)<1s" },
    });
    const run: Run = visit;
    const { type, priority, blocking, fromCache, initiator }: PageResult = visit.results[1];
    const times: [number, number, number] = [visit.timings.document, visit.timings.blocking, visit.timings.load];
    const images = visit.byType().image;
    const from: string | undefined = initiator?.element;
    const types: PageResult[] = [visit.document, ...visit.failures(), ...visit.slowest(2), ...images.results];
    const { misses, results } = visit.toJSON();
    const json: boolean | undefined = results?.[0].initiator === null || results?.[0].fromCache;
    await concurrent(visit.toTargets());
    await visitPage(["POST", url, "body", { name: "home" }]);
    await visitPage({ url, params: { headers: { Accept: "text/html" } } }, { onResult: (r) => r.type === "image" && r.fromCache });
    await visitPage(http.url`${url}${1}`, { ignore: "image", include: [] });

    const api = new Client({ responseType: "text", cache: "shared", ignore: "font", rounds: 2, budget: { "count:font": 0, failed: 0 } });
    is<Same<typeof visit, Visit<"none">>>();
    is<Same<typeof visit.document.body, never>>();
    const kept = await api.page(url);
    is<Same<typeof kept.document.body, Text>>();
    const bytes = await api.page(url, { responseType: "binary", onResult: (r) => is<Same<typeof r.body, Binary>>() });
    is<Same<typeof bytes.results[0]["body"], Binary>>();
    // @ts-expect-error a page is no list
    await visitPage([url]);
    // @ts-expect-error it starts at once
    await visitPage({ url, start: 5 });
    // @ts-expect-error nor is it several by name
    await visitPage({ home: url });
    // @ts-expect-error no such cache
    await visitPage(url, { cache: "disk" });
    // @ts-expect-error both sides of it
    await visitPage(url, { viewport: { width: 390 } });
    // @ts-expect-error a function cannot be called by those who find resources
    await visitPage(url, { ignore: () => true });
    // @ts-expect-error no such type
    await visitPage(url, { budget: { "count:images": 5 } });
    // @ts-expect-error only pages have types
    await concurrent([url], { budget: { "count:image": 5 } });
    // @ts-expect-error only pages load
    await concurrent([url], { budget: { page_load: 5 } });
    // @ts-expect-error only page() has it
    await concurrent([url], { maxResources: 5 });
    // @ts-expect-error only compare has rounds
    await visitPage(url, { rounds: 3 });
    // @ts-expect-error nor does a way visit pages
    await compare([url], [{ name: "a", cache: "vu" }, { name: "b" }]);
    // @ts-expect-error a result of a list is of no type
    run.results[0].type;
    // @ts-expect-error not a type
    if (type === "css") return visit.byType().css;
    try {
        await visitPage(url, { throw: "failed" });
    } catch (e) {
        return (e as RunError<Visit>).run.timings.load;
    }
    return [run, type, priority, blocking, fromCache, times, from, types, misses, json];
}

export async function streaming() {
    const s = stream(["https://example.com/"]);
    const item = await s.next();
    // @ts-expect-error not at the end
    item.value.status;
    if (!item.done) {
        item.value.status;
    }
    s.close();
    return s.summary().ok;
}

export async function reports() {
    const run = await concurrent(["https://example.com/"]);
    const baseline = run.report("json", { title: "before" });
    run.report("junit", { baseline, significance: 0.001, tolerance: 0.1 });
    run.report("html", { baseline: JSON.parse(baseline) as object });
    fetch.report("text", { baseline: undefined, colors: true });
    // @ts-expect-error not parsed, and no text
    run.report("text", { baseline: 5 });
    // @ts-expect-error a share
    return run.report("text", { baseline, tolerance: "5%" });
}

export async function errors() {
    try {
        await fetch.concurrent([], { throw: "failed" });
        await fetch.compare([], { throw: true });
    } catch (e) {
        return (e as RunError<Comparison>).run.concurrent.failed;
    }
    return new fetch.Client() instanceof Client;
}

export async function shares() {
    const urls: string[] = ["https://example.com/"];
    const n: number = chunks(urls, 10);
    await concurrent(chunk(urls, n));
    await concurrent(partition(new SharedArray("urls", () => urls)));
    await concurrent(chunk({ home: "https://example.com/" }, 1));
    await concurrent(chunk(lines("urls.txt").slice(1), 10).filter((t) => t.url !== ""), { name: (t) => t.method });
    await concurrent(csv("urls.csv", { url: 0, headers: { Accept: 1 } }).toJSON());
    await concurrent((await sitemap("https://example.com/sitemap.xml")).sample(3, 1));
    await stream(sitemap("sitemap.xml", { onError: "skip" }));
    // @ts-expect-error no such option
    har("page.har", { url: "column" });
    har("page.har", { pace: "recorded", onError: "skip" }).slice(1);
    har("page.har", { pace: 0.5 });
    // @ts-expect-error no such pace
    har("page.har", { pace: "fast" });
    // @ts-expect-error only recordings have a pace
    lines("urls.txt", { pace: 1 });
    const numbers: number[] = chunk([1, 2, 3], 1);
    // @ts-expect-error of what size
    chunk(urls);
    return numbers;
}
