// Makes the table of names one to sort and to search.

const [NAME, COUNT, FAILED, BYTE, P50, P95, P99, MAX, MEANS] = [...Array(9).keys()];

function names() {
  const table = byId('names');
  if (!table) return;
  const body = table.tBodies[0];
  const more = byId('more-names');
  const query = byId('query');
  const found = byId('found');
  const keys = { name: NAME, count: COUNT, failed: FAILED, p50: P50, p95: P95, p99: P99, max: MAX, bytes: BYTE };
  let rows = data.names;
  let limit = 25;
  let sorted = { key: '', down: false };
  const longest = Math.max(1, ...rows.map((r) => r[MEANS].reduce((sum, n) => sum + n, 0)));

  const headings = [...table.tHead.rows[0].cells].filter((th) => th.dataset.key);
  for (const th of headings) {
    const button = make('button', { type: 'button' }, th.textContent);
    button.addEventListener('click', () => {
      const { key } = th.dataset;
      const down = sorted.key === key ? !sorted.down : key !== 'name';
      sorted = { key, down };
      for (const other of headings) other.removeAttribute('aria-sort');
      th.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      show();
    });
    th.replaceChildren(button);
  }

  // marked shows where in a name the text was found.
  function marked(name, wanted) {
    const at = wanted ? name.toLowerCase().indexOf(wanted) : -1;
    if (at < 0) return [name];
    return [name.slice(0, at), make('mark', {}, name.slice(at, at + wanted.length)), name.slice(at + wanted.length)];
  }

  function means(row) {
    const svg = draw('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img' });
    let x = 0;
    const told = [];
    row[MEANS].forEach((mean, i) => {
      if (mean <= 0) return;
      const width = mean / longest * 100;
      svg.append(draw('rect', { class: parts[i + 1], x, width, height: 10 }));
      told.push(`${words[parts[i + 1]]} ${time(mean)}`);
      x += width;
    });
    svg.setAttribute('aria-label', `on average ${told.join(', ')}`);
    svg.prepend(draw('title', {}, `on average: ${told.join(', ')}`));
    return svg;
  }

  function line(row, wanted) {
    const cell = (value, extra = '') => make('td', { class: `n${extra}`, role: 'cell' }, value);
    return make('tr', { role: 'row' },
      make('th', { scope: 'row', role: 'rowheader' }, ...marked(row[NAME], wanted)),
      make('td', { class: 'parts', role: 'cell' }, means(row)),
      cell(count(row[COUNT])), cell(count(row[FAILED]), row[FAILED] ? ' bad' : ''),
      cell(time(row[P50])), cell(time(row[P95])), cell(time(row[P99])),
      cell(time(row[MAX]), ' extra'), cell(size(row[BYTE]), ' extra'));
  }

  function show() {
    const wanted = query.value.trim().toLowerCase();
    rows = data.names.filter((r) => r[NAME].toLowerCase().includes(wanted));
    if (sorted.key) {
      const key = keys[sorted.key];
      const sign = sorted.down ? -1 : 1;
      const compare = key === NAME ? new Intl.Collator('en', { numeric: true }).compare : (a, b) => a - b;
      rows.sort((a, b) => sign * compare(a[key], b[key]));
    }
    body.replaceChildren(...rows.slice(0, limit).map((r) => line(r, wanted)));
    found.textContent = wanted ? `${count(rows.length)} of ${count(data.names.length)}` : '';
    more.hidden = rows.length <= limit;
    if (!more.hidden) {
      const next = Math.min(500, rows.length - limit);
      const button = make('button', { type: 'button', class: 'tool' }, `Show ${count(next)} more of ${count(rows.length)}`);
      button.addEventListener('click', () => {
        limit += next;
        show();
      });
      more.replaceChildren(button);
    }
  }

  let pending = 0;
  query.addEventListener('input', () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(show);
  });
  byId('search').addEventListener('submit', (e) => e.preventDefault());
  byId('search').hidden = data.names.length < 2;
  show();
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
