// Makes the table of names one to sort, to filter and to open, by host where names are URLs.

const [NAME, COUNT, FAILED, BYTE, P50, P95, P99, MAX, MEANS, CAUSES] = [...Array(10).keys()];

// nameMeets returns what judges names by the filter: by what is known of them, and by their results that were kept.
function nameMeets() {
  if (!filtered.text) return () => true;
  const byResults = new Set(data.rows.filter(meets).map((row) => text(row, NAMED)));
  return (row) => {
    const name = row[NAME];
    if (byResults.has(name)) return true;
    const known = {
      host: hostOf(name),
      name,
      label: name,
      text: name.toLowerCase(),
      status: '',
      reason: '',
      type: '',
      resource: '',
      cached: false,
      state: '',
      code: '',
      method: '',
      over: '',
    };
    if (filtered.meets({ ...known, state: 'ok' }) && row[FAILED] < row[COUNT]) return true;
    return (
      row[CAUSES]?.some(([, why, code, status]) =>
        filtered.meets({
          ...known,
          state: 'failed',
          reason: data.texts[why],
          code: String(code),
          status: status ? String(status) : 'none',
          text: `${known.text}\n${data.texts[why].toLowerCase()}`,
        }),
      ) ?? false
    );
  };
}

// openedName is what a name opens to.
function openedName(row) {
  const table = make(
    'table',
    { class: 'small-table' },
    make(
      'tbody',
      {},
      ...row[MEANS].flatMap((mean, i) =>
        mean > 0
          ? [
              make(
                'tr',
                {},
                make(
                  'th',
                  { scope: 'row' },
                  make('span', { class: `swatch ${parts[i + 1]}`, 'aria-hidden': 'true' }),
                  words[parts[i + 1]],
                ),
                make('td', { class: 'n' }, time(mean)),
              ),
            ]
          : [],
      ),
    ),
  );
  const blocks = [make('div', {}, make('h3', {}, 'Phases, on average'), table)];
  if (row[CAUSES]?.length) {
    blocks.unshift(
      make(
        'div',
        {},
        make('h3', {}, 'Why it failed'),
        make(
          'ul',
          { class: 'plain' },
          ...row[CAUSES].map(([n, why, code]) =>
            make(
              'li',
              {},
              make('strong', { class: 'bad' }, `${count(n)} ×`),
              ' ',
              ...breakable(data.texts[why]),
              ' ',
              make('span', { class: 'code' }, code),
            ),
          ),
        ),
      ),
    );
  }
  if (data.rows.some((r) => text(r, NAMED) === row[NAME])) {
    const filter = written('name', row[NAME]);
    const a = make('a', { href: address(new Map([['filter', filter]])) }, 'Its results that were kept');
    blocks.push(make('p', {}, a));
  }
  return make('div', { class: 'opened' }, make('div', { class: 'blocks' }, ...blocks));
}

function means(row, most) {
  const svg = draw('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img' });
  let x = 0;
  const told = [];
  row[MEANS].forEach((mean, i) => {
    if (mean <= 0) return;
    const width = (mean / most) * 100;
    svg.append(draw('rect', { class: parts[i + 1], x, width, height: 10 }));
    told.push(`${words[parts[i + 1]]} ${time(mean)}`);
    x += width;
  });
  svg.setAttribute('aria-label', `on average ${told.join(', ') || 'nothing'}`);
  svg.prepend(draw('title', {}, `on average: ${told.join(', ')}`));
  return svg;
}

function names() {
  const table = byId('names');
  if (!table) return null;
  const more = byId('more-names');
  const columns = { name: NAME, count: COUNT, failed: FAILED, p50: P50, p95: P95, p99: P99, max: MAX, bytes: BYTE };
  const most = Math.max(1, ...data.names.map((r) => r[MEANS].reduce((sum, n) => sum + n, 0)));
  const [few, step, inGroup] = [25, 500, 8];
  let limit = few;
  let sorted = { key: '', down: false };
  let first = null; // the name that the page's address is about
  let rows = [];
  const open = new Set();
  const wholeGroups = new Set();

  const urls = data.names.filter((r) => cutURL(r[NAME])[0]);
  const byHost = make('input', { type: 'checkbox', id: 'names-by-host', checked: urls.length > data.names.length / 2 });
  if (urls.length > 1) byId('name-tools').append(make('label', { class: 'check' }, byHost, ' by host'));
  else byHost.checked = false;
  byHost.addEventListener('change', () => show());
  byId('name-tools').append(
    csvTools('names', () => [
      ['name', 'count', 'failed', 'bytes', 'p50_ms', 'p95_ms', 'p99_ms', 'max_ms'],
      ...rows.map((r) => [r[NAME], r[COUNT], r[FAILED], r[BYTE], ms(r[P50]), ms(r[P95]), ms(r[P99]), ms(r[MAX])]),
    ]),
  );

  const headings = [...table.tHead.rows[0].cells].filter((th) => th.dataset.key);
  for (const th of headings) {
    th.replaceChildren(
      button(
        th.textContent,
        () => {
          const { key } = th.dataset;
          const down = sorted.key === key ? !sorted.down : key !== 'name';
          sorted = { key, down };
          first = null;
          for (const other of headings) other.removeAttribute('aria-sort');
          th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
          show();
        },
        { class: 'sort' },
      ),
    );
  }

  // marked shows where in a name the words of the filter were found.
  function marked(name) {
    const wanted = tokens(filtered.text)
      .filter(([minus, key]) => !minus && !key)
      .map(([, , value]) => value.toLowerCase());
    const word = wanted.find((w) => name.toLowerCase().includes(w));
    const at = word ? name.toLowerCase().indexOf(word) : -1;
    if (at < 0) return breakable(name);
    return [name.slice(0, at), make('mark', {}, name.slice(at, at + word.length)), name.slice(at + word.length)];
  }

  function line(row, shownName) {
    const td = (label, value, extra = '') =>
      make('td', { class: `n${extra}`, role: 'cell', 'data-label': label }, value);
    const toggle = make('button', { type: 'button', class: 'name', 'aria-expanded': 'false' }, ...marked(shownName));
    const tr = make(
      'tr',
      { role: 'row' },
      make('th', { scope: 'row', role: 'rowheader' }, toggle),
      make('td', { class: 'parts', role: 'cell' }, means(row, most)),
      td('count', count(row[COUNT])),
      td('failed', count(row[FAILED]), row[FAILED] ? ' bad' : ''),
      td('p50', time(row[P50])),
      td('p95', time(row[P95])),
      td('p99', time(row[P99])),
      td('max', time(row[MAX])),
      td('bytes', size(row[BYTE])),
    );
    const unfold = () => {
      toggle.setAttribute('aria-expanded', 'true');
      tr.after(
        make('tr', { role: 'row', class: 'opened-row' }, make('td', { role: 'cell', colspan: '9' }, openedName(row))),
      );
    };
    toggle.addEventListener('click', () => {
      if (open.delete(row)) {
        toggle.setAttribute('aria-expanded', 'false');
        tr.nextSibling.remove();
        if (linked.get('name') === row[NAME]) link('name', '');
      } else {
        open.add(row);
        unfold();
        link('name', row[NAME]);
      }
    });
    return [tr, open.has(row) ? unfold : null];
  }

  function fill(body, list, named) {
    const unfolds = [];
    for (const row of list) {
      const [tr, unfold] = line(row, named(row));
      body.append(tr);
      if (unfold) unfolds.push(unfold);
    }
    for (const unfold of unfolds) unfold();
  }

  // groups are the names by host, without what they begin with.
  function groups() {
    const byOrigin = new Map();
    for (const row of rows) {
      const [origin] = cutURL(row[NAME]);
      if (!byOrigin.has(origin)) byOrigin.set(origin, []);
      byOrigin.get(origin).push(row);
    }
    const shown = [...byOrigin].slice(0, limit);
    more.hidden = shown.length === byOrigin.size;
    if (!more.hidden) moreButton(byOrigin.size, 'hosts');
    return shown.map(([origin, list]) => {
      const body = make('tbody', { role: 'rowgroup' });
      const failed = list.reduce((sum, row) => sum + row[FAILED], 0);
      const facts = ` ${count(list.length)} names${failed ? `, ${count(failed)} failed` : ''}`;
      body.append(
        make(
          'tr',
          { role: 'row', class: 'group' },
          make(
            'th',
            { role: 'rowheader', scope: 'rowgroup', colspan: '9' },
            ...breakable(origin || 'others'),
            make('small', {}, facts),
          ),
        ),
      );
      const whole = wholeGroups.has(origin) || list.length <= inGroup + 2;
      fill(body, whole ? list : list.slice(0, inGroup), (row) => (origin ? cutURL(row[NAME])[1] : row[NAME]));
      if (!whole) {
        body.append(
          make(
            'tr',
            { role: 'row', class: 'more' },
            make(
              'td',
              { role: 'cell', colspan: '9' },
              button(
                `Show ${count(list.length - inGroup)} more`,
                () => {
                  wholeGroups.add(origin);
                  show();
                },
                { class: 'tool small' },
              ),
            ),
          ),
        );
      }
      return body;
    });
  }

  function moreButton(all, what) {
    const next = Math.min(step, all - limit);
    more.replaceChildren(
      button(`Show ${count(next)} more of ${count(all)}${what ? ` ${what}` : ''}`, () => {
        limit += next;
        show();
      }),
    );
  }

  function show() {
    rows = data.names.filter(nameMeets());
    if (sorted.key) {
      const key = columns[sorted.key];
      const sign = sorted.down ? -1 : 1;
      const compare = key === NAME ? new Intl.Collator('en', { numeric: true }).compare : (a, b) => a - b;
      rows.sort((a, b) => sign * compare(a[key], b[key]));
    }
    if (first) rows = [first, ...rows.filter((row) => row !== first)];
    for (const body of [...table.tBodies]) body.remove();
    if (byHost.checked) {
      table.append(...groups());
      return;
    }
    const body = make('tbody', { role: 'rowgroup' });
    fill(body, rows.slice(0, limit), (row) => row[NAME]);
    table.append(body);
    more.hidden = rows.length <= limit && rows.length > 0;
    if (rows.length > limit) moreButton(rows.length);
    else if (rows.length === 0) more.replaceChildren('No name meets the filter.');
  }

  filtered.watchers.push(() => {
    limit = few;
    show();
  });
  show();
  follow(() => {
    const wanted = linked.get('name');
    const found = wanted && data.names.find((row) => row[NAME] === wanted);
    if (wanted && !found) setFilter(written('name', wanted));
    if (!found || (found === first && open.has(found))) return;
    first = found;
    open.add(found);
    show();
    byId('by-name').scrollIntoView();
  });
  return () => {
    const before = limit;
    limit = 200;
    show();
    return () => {
      limit = before;
      show();
    };
  };
}
const printNames = names();
