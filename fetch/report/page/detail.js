// Shows all that is known of a single result: what a row opens to.

const fact = (name, ...value) => make('div', {}, make('dt', {}, name), make('dd', {}, ...value));

function phasesTable(row) {
  const body = make('tbody');
  for (const [part, , length] of segments(row)) {
    body.append(
      make(
        'tr',
        {},
        make('th', { scope: 'row' }, make('span', { class: `swatch ${part}`, 'aria-hidden': 'true' }), words[part]),
        make('td', { class: 'n' }, time(length)),
      ),
    );
  }
  if (states[row[STATE]] !== 'not_run' && !row.resource?.cached) {
    body.append(
      make(
        'tr',
        { class: 'sum' },
        make('th', { scope: 'row' }, 'time'),
        make('td', { class: 'n' }, time(row[ELAPSED])),
      ),
    );
  }
  return make('table', { class: 'small-table' }, body);
}

function headers(title, pairs, more) {
  if (!pairs?.length) return [];
  const list = make('dl', { class: 'headers' });
  for (let i = 0; i < pairs.length; i += 2) {
    list.append(fact(`${data.texts[pairs[i]]}: `, ...breakable(data.texts[pairs[i + 1]])));
  }
  return [
    make(
      'div',
      {},
      make('h4', {}, title),
      list,
      ...(more ? [make('p', { class: 'quiet' }, `and ${count(more)} more`)] : []),
    ),
  ];
}

function certificate(c) {
  const day = (text) => text.slice(0, 10);
  const list = [
    fact('subject', ...breakable(c.subject)),
    fact('issuer', ...breakable(c.issuer)),
    fact('valid', `${day(c.from)} to ${day(c.until)}, `, make('span', c.bad ? { class: 'bad' } : {}, c.left)),
  ];
  if (c.names.length) list.push(fact('names', ...breakable(c.names.join(', '))));
  if (c.serial) list.push(fact('serial', ...breakable(c.serial)));
  if (c.sha256) list.push(fact('SHA-256', ...breakable(c.sha256)));
  return make('div', {}, make('h4', {}, 'Certificate'), make('dl', { class: 'facts' }, ...list));
}

function redirects(detail) {
  return make(
    'div',
    {},
    make('h4', {}, 'Redirects'),
    make(
      'ol',
      { class: 'hops' },
      ...detail.redirects.map(([url, status, took]) =>
        make('li', {}, `${status} `, ...breakable(data.texts[url]), make('span', { class: 'quiet' }, ` ${time(took)}`)),
      ),
    ),
  );
}

// resourceFacts are about what a result is to its page. What refers to it can be gone to if it is in sight.
function resourceFacts(row, pane) {
  const { kind, priority, element, by, initiator, blocking } = row.resource;
  const facts = [
    fact('type', kind),
    fact('priority', priority),
    fact('blocking', blocking ? 'yes: the page waits for it' : 'no'),
  ];
  if (initiator >= 0) {
    const to = pane.rowOf(initiatorOf(row));
    const url = to ? button(by, () => pane.go(to), { class: 'go' }) : make('span', {}, ...breakable(by));
    facts.push(fact('initiator', url, make('span', { class: 'quiet' }, ` ${element}`)));
  }
  return facts;
}

// opened is what a row opens to.
function opened(row, pane) {
  const detail = data.details[row[DETAIL] - 1];
  const has = (place) => detail && data.texts[detail[place]];
  const facts = [fact('request', `${text(row, METHOD)} `, ...breakable(text(row, URL)))];
  if (text(row, NAMED) !== text(row, URL))
    facts.push(fact('name', make('a', { href: `#name=${encoded(text(row, NAMED))}` }, ...breakable(text(row, NAMED)))));
  const failed = states[row[STATE]] === 'failed';
  facts.push(
    fact(
      'result',
      make('span', failed ? { class: 'bad' } : {}, ...breakable(outcome(row))),
      ...(row[CODE] ? [' ', make('span', { class: 'code', title: "k6's error code" }, row[CODE])] : []),
    ),
  );
  if (row.resource) facts.push(...resourceFacts(row, pane));
  if (text(row, OVER)) facts.push(fact('over budget', make('span', { class: 'bad' }, text(row, OVER))));
  if (row[BYTES]) facts.push(fact('received', size(row[BYTES])));
  if (row[ATTEMPTS] > 1) facts.push(fact('attempts', String(row[ATTEMPTS])));
  if (row[LINE] >= 0) facts.push(fact(row.resource ? 'page' : 'fetched', title(data.lines[row[LINE]])));
  if (has('proto')) facts.push(fact('protocol', data.texts[detail.proto], sentEarly(row) ? ' (early data)' : ''));
  if (text(row, FALLBACK)) facts.push(fact('no HTTP/3', ...breakable(text(row, FALLBACK))));
  if (has('remote')) facts.push(fact('address', data.texts[detail.remote], reused(row) ? ' (connection reused)' : ''));
  if (has('tls'))
    facts.push(fact('TLS', `${data.texts[detail.tls].replace(/^TLS /u, '')} ${data.texts[detail.cipher]}`));
  if (text(row, TRACE)) facts.push(fact('trace id', ...breakable(text(row, TRACE))));
  const copied = button('Copy as cURL', () => copy(curl(row), copied));
  const traced = button('Copy trace id', () => copy(text(row, TRACE), traced));
  return make(
    'div',
    { class: 'opened' },
    make(
      'div',
      { class: 'blocks' },
      make(
        'div',
        {},
        make('h4', {}, 'Result'),
        make('dl', { class: 'facts' }, ...facts),
        make('p', { class: 'tools' }, copied, ...(text(row, TRACE) ? [' ', traced] : [])),
      ),
      ...(row.resource?.cached ? [] : [make('div', {}, make('h4', {}, 'Phases'), phasesTable(row))]),
      ...headers('Request headers', detail?.sent, detail?.moreSent),
      ...headers('Response headers', detail?.received, detail?.moreReceived),
      ...(detail?.cert ? [certificate(data.certificates[detail.cert - 1])] : []),
      ...(detail?.redirects.length ? [redirects(detail)] : []),
      ...(detail
        ? []
        : [
            make(
              'p',
              { class: 'quiet' },
              'Headers and addresses are kept of those that failed, of the slowest, and of the first ones.',
            ),
          ]),
    ),
  );
}
