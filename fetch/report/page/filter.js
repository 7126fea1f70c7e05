// Finds results and names: words, and key:value as in `status:404 host:a.example reason:"connection reset"`.
//
// Words are looked for anywhere. A value has to be met as a whole, whatever its case; * stands for anything, and 4xx
// for all statuses that begin so. A minus in front excludes. Values of one key are alternatives, keys add up.

const keys = ['host', 'status', 'reason', 'type', 'resource', 'name', 'state', 'code', 'method'];

// facts are what there is to find a result by.
function factsOf(row) {
  row.facts ??= {
    host: hostOf(text(row, URL)),
    status: row[STATUS] ? String(row[STATUS]) : states[row[STATE]] === 'not_run' ? '' : 'none',
    reason: reasonOf(row),
    type: row[LINE] < 0 ? '' : data.lines[row[LINE]].mode,
    resource: row.resource?.kind ?? '',
    cached: row.resource?.cached ?? false,
    name: text(row, NAMED),
    label: text(row, LABEL),
    state: ['not_run', 'ok', 'failed'][row[STATE]],
    code: row[CODE] ? String(row[CODE]) : '',
    method: text(row, METHOD),
    over: text(row, OVER),
    text: `${text(row, LABEL)}\n${text(row, URL)}\n${reasonOf(row)}`.toLowerCase(),
  };
  return row.facts;
}

// tokens are the parts of a filter: [minus, key, value].
function tokens(filter) {
  const found = [];
  for (const [, minus, token] of filter.matchAll(/(?<!\S)(-?)((?:[a-z]+:)?"(?:[^"\\]|\\.)*"(?!\S)|\S+)/gu)) {
    const [, key, value] = /^(?:([a-z]+):)?(.*)$/su.exec(token);
    const known = keys.includes(key) && value;
    const whole = known ? value : token;
    const quoted = /^"(.*)"$/su.exec(whole);
    found.push([minus, known ? key : '', quoted ? quoted[1].replace(/\\(.)/gsu, '$1') : whole]);
  }
  return found;
}

// written is a token as a filter has it.
function written(key, value) {
  const plain = value.replace(/\*/gu, '');
  return `${key}:${/[\s"\\]/u.test(plain) || !value ? `"${value.replace(/["\\]/gu, '\\$&')}"` : value}`;
}

function test(key, value) {
  if (!key) return (facts) => facts.text.includes(value.toLowerCase());
  let pattern = value.replace(/[.+?^${}()|[\]\\]/gu, '\\$&').replaceAll('*', '.*');
  if (key === 'status') pattern = pattern.replace(/x(?=x*$)/giu, '\\d');
  const whole = new RegExp(`^${pattern}$`, 'isu');
  if (key === 'name') return (facts) => whole.test(facts.name) || whole.test(facts.label);
  if (key === 'state' && value === 'cached') return (facts) => facts.cached;
  if (key === 'state' && value === 'over') return (facts) => Boolean(facts.over);
  return (facts) => whole.test(facts[key]);
}

// compiled is a filter that judges facts.
function compiled(filter) {
  const all = [];
  const any = new Map();
  for (const [minus, key, value] of tokens(filter)) {
    const meets = test(key, value);
    if (minus) all.push((facts) => !meets(facts));
    else if (!key) all.push(meets);
    else any.set(key, [...(any.get(key) ?? []), meets]);
  }
  for (const tests of any.values()) all.push((facts) => tests.some((meets) => meets(facts)));
  return (facts) => all.every((meets) => meets(facts));
}

// filtered is the filter as it is now, and who wants to know of another.
const filtered = { text: linked.get('filter') ?? '', meets: () => true, watchers: [] };
filtered.meets = compiled(filtered.text);

const meets = (row) => filtered.meets(factsOf(row));

function setFilter(value, from) {
  filtered.text = value.trim();
  filtered.meets = compiled(filtered.text);
  link('filter', filtered.text);
  for (const watch of filtered.watchers) watch(from);
}

// only returns a filter in which a key has one value, or none.
function only(key, value) {
  const rest = tokens(filtered.text)
    .filter(([, k]) => k !== key)
    .map(([minus, k, v]) => minus + (k ? written(k, v) : /[\s"]/u.test(v) ? `"${v.replace(/["\\]/gu, '\\$&')}"` : v));
  return [...rest, ...(value ? [written(key, value)] : [])].join(' ');
}

const help = [
  ['word "two words"', 'anywhere in a name, a URL or a reason'],
  ['host:a.example', 'of one host'],
  ['status:404 status:5xx', 'of one status or the other; status:none without an answer'],
  ['reason:"connection reset*"', 'that failed so; * stands for anything'],
  ['name:home', 'of one name'],
  ['state:failed', 'or ok, not_run, over (its budget), cached'],
  ['type:stream', 'fetched so'],
  ['resource:script', 'that a page needed for that'],
  ['code:1050 method:POST', 'with this code of k6, by this method'],
  ['-status:404', 'without these'],
];

// finder is what a filter is written in, with a choice of what there is.
function finder(root) {
  const query = make('input', {
    id: 'query',
    type: 'search',
    autocomplete: 'off',
    spellcheck: false,
    placeholder: 'Search, or status:404 host:a.example',
  });
  const found = make('output', { id: 'found', for: 'query', class: 'quiet', 'aria-live': 'polite' });
  const clear = button('Clear', () => setFilter(''), { class: 'tool' });
  const choices = ['host', 'resource', 'status', 'reason', 'type'].map(choice).filter(Boolean);
  const form = make(
    'form',
    { role: 'search', class: 'search', id: 'search' },
    make('label', { for: 'query', class: 'hidden' }, 'Search and filter'),
    query,
    ...choices.map(([e]) => e),
    clear,
    found,
  );
  let pending = 0;
  query.addEventListener('input', () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => setFilter(query.value, query));
  });
  form.addEventListener('submit', (e) => e.preventDefault());
  const watch = (from) => {
    if (from !== query) query.value = filtered.text;
    clear.hidden = !filtered.text;
    for (const [, update] of choices) update();
    const n = data.rows.reduce((sum, row) => sum + (meets(row) ? 1 : 0), 0);
    found.textContent = filtered.text && data.rows.length ? `${count(n)} of ${count(data.rows.length)} results` : '';
  };
  filtered.watchers.push(watch);
  const rows = help.map(([example, meaning]) =>
    make('div', {}, make('dt', {}, make('code', {}, example)), make('dd', {}, meaning)),
  );
  root.append(form, make('details', { class: 'help' }, make('summary', {}, 'How to filter'), make('dl', {}, ...rows)));
  watch();
}

// choice is a list of the values of a key, with how often each is there. There is none if there is nothing to choose.
function choice(key) {
  const counts = new Map();
  for (const row of data.rows) {
    const value = factsOf(row)[key];
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  if (counts.size < 2 && !(key === 'reason' && counts.size)) return null;
  const most = 200;
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, most);
  const select = make(
    'select',
    { 'aria-label': `Filter by ${key}` },
    make('option', { value: '' }, `any ${key}`),
    ...sorted.map(([value, n]) =>
      make(
        'option',
        { value },
        `${[...value].length > 60 ? `${[...value].slice(0, 60).join('')}…` : value} (${count(n)})`,
      ),
    ),
  );
  select.dataset.facet = key;
  select.addEventListener('change', () => setFilter(only(key, select.value)));
  return [
    select,
    () => {
      const chosen = tokens(filtered.text).filter(([minus, k]) => k === key && !minus);
      select.value = chosen.length === 1 && counts.has(chosen[0][2]) ? chosen[0][2] : '';
    },
  ];
}
