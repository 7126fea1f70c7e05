// Puts single results on the page: the ways of a comparison, and a run or all that was kept, to choose from.

const drawn = [];

function orderChoice(chosen, change) {
  const select = make(
    'select',
    { 'aria-label': 'Order of the URLs' },
    ...Object.entries(orders).map(([value, [name]]) => make('option', { value }, name)),
  );
  select.value = chosen;
  select.addEventListener('change', () => {
    hideTip();
    change(select.value);
  });
  return select;
}

function comparison(root) {
  const lines = data.compared.map((i) => data.lines[i]);
  const scale = Math.max(...lines.map(longest));
  const order = lines[0].count <= firstRows ? 'list' : 'slow';
  const ways = lines.map(() => new Pane(order));
  root.classList.add('two');
  root.append(
    make(
      'div',
      { class: 'tools' },
      legend(lines.flatMap((line) => line.rows)),
      orderChoice(order, (value) => {
        ways.forEach((pane) => {
          pane.order = value;
          pane.show();
        });
      }),
    ),
    ...ways.map((pane) => pane.element),
  );
  ways.forEach((pane, i) => pane.fill({ name: title(lines[i]), rows: lines[i].rows, line: lines[i], scale }));
  drawn.push(...ways);
}
if (byId('comparison')) comparison(byId('comparison'));

// sources are what can be chosen: all results that were kept, and the runs among them.
function sources() {
  const found = data.single.map((i) => {
    const line = data.lines[i];
    const when =
      data.lines.length > 1 && line.started > 0 ? `, ${moment(Math.round(line.started / 1e5) * 1e5)} in` : '';
    const failed = line.failed ? `, ${count(line.failed)} failed` : '';
    const what = line.visit ? '' : `: ${inURLs(line.count)} in ${time(line.elapsed)}`;
    return {
      key: String(i + 1),
      option: `${title(line)}${what}${failed}${when}${line.why ? ` (${line.why})` : ''}`,
      name: title(line),
      rows: line.rows,
      line,
      scale: longest(line),
    };
  });
  const alone = found.length === 1 && found[0].rows.length === data.rows.length;
  if (!alone) {
    const ran = data.rows.reduce((most, row) => Math.max(most, row[ELAPSED]), 1);
    const all = {
      key: 'all',
      option: `All results that were kept: ${count(data.rows.length)}`,
      name: 'All results that were kept',
      rows: data.rows,
      scale: ran,
    };
    if (found[0]?.line.visit) found.push(all);
    else found.unshift(all);
  }
  return found;
}

const resourceColumns = ['resource', 'priority', 'blocking', 'initiator', 'element', 'from_cache'];

const resultColumns = [
  'label',
  'name',
  'method',
  'url',
  'state',
  'status',
  'code',
  'reason',
  'type',
  'attempts',
  'bytes',
  'reused',
  'queued_ms',
  'elapsed_ms',
  'blocked_ms',
  'looking_up_ms',
  'connecting_ms',
  'tls_handshaking_ms',
  'sending_ms',
  'waiting_ms',
  'receiving_ms',
  'over_budget',
  ...(data.resources.length ? resourceColumns : []),
  ...(data.rows.some((row) => row[DUE]) ? ['due_ms'] : []),
];

// resourceCells are what a result is to its page.
function resourceCells({ resource }) {
  if (!data.resources.length) return [];
  if (!resource) return resourceColumns.map(() => '');
  const { kind, priority, blocking, by, element, cached } = resource;
  return [kind, priority, blocking, by, element, cached];
}

const resultCells = (row) => {
  const facts = factsOf(row);
  return [
    facts.label,
    facts.name,
    facts.method,
    text(row, URL),
    facts.state,
    row[STATUS],
    row[CODE],
    facts.reason,
    facts.type,
    row[ATTEMPTS],
    row[BYTES],
    reused(row),
    ms(row[QUEUED]),
    ms(row[ELAPSED]),
    ...row.slice(TIMES, OVER).map(ms),
    facts.over,
    ...resourceCells(row),
    ms(row[DUE]),
  ].slice(0, resultColumns.length);
};

function results(root) {
  const all = sources();
  const pane = new Pane('slow');
  let order = ''; // the one that was chosen
  const orderOf = ({ line }) => order || (line?.visit ? 'list' : 'slow');
  const fill = (source) => {
    pane.order = orderOf(source);
    ordered.value = pane.order;
    pane.fill(source);
  };
  const ordered = orderChoice('slow', (value) => {
    order = value;
    pane.order = value;
    pane.show();
  });
  const choose = make(
    'select',
    { id: 'run', 'aria-label': 'Run' },
    ...all.map(({ key, option }) => make('option', { value: key }, option)),
  );
  const chosen = () => all.find(({ key }) => key === linked.get('run')) ?? all[0];
  choose.addEventListener('change', () => {
    link('run', choose.value === all[0].key ? '' : choose.value);
    fill(chosen());
  });
  choose.hidden = all.length < 2;
  const byHost = make('input', { type: 'checkbox', id: 'by-host' });
  byHost.addEventListener('change', () => {
    pane.grouped = byHost.checked;
    pane.show();
  });
  const hosts = new Set(data.rows.map((row) => hostOf(text(row, URL))));
  root.append(
    make(
      'div',
      { class: 'tools' },
      choose,
      make(
        'span',
        { class: 'tools' },
        ...(hosts.size > 1 ? [make('label', { class: 'check' }, byHost, ' by host')] : []),
        ordered,
      ),
    ),
    legend(data.rows),
    pane.element,
  );
  byId('result-tools').append(csvTools('results', () => [resultColumns, ...pane.rows.map(resultCells)]));
  root.closest('section').querySelector('table.slowest')?.remove();
  drawn.push(pane);
  follow(() => {
    choose.value = chosen().key;
    if (pane.line !== chosen().line || !pane.rows) fill(chosen());
  });
}
if (byId('waterfall')) results(byId('waterfall'));
if (byId('find') && (data.names.length > 1 || data.rows.length > 1)) finder(byId('find'));
filtered.watchers.push(() => drawn.forEach((pane) => pane.show()));

// What names a reason filters by it.
for (const a of document.querySelectorAll('a[data-filter]')) {
  a.hidden = false;
  a.href = address(new Map([['filter', a.dataset.filter]]));
  a.addEventListener('click', (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || !byId('find')) return;
    e.preventDefault();
    setFilter(a.dataset.filter);
    byId('find').scrollIntoView();
    byId('query').focus({ preventScroll: true });
  });
}
follow(() => {
  const wanted = linked.get('filter') ?? '';
  if (wanted !== filtered.text) setFilter(wanted);
  if (wanted) byId('find')?.scrollIntoView();
});
