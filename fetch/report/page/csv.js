// Hands out tables as CSV, as RFC 4180 has it.

// cell makes a text safe for a spreadsheet: one that would be a formula gets an apostrophe in front.
const cell = (value) =>
  typeof value === 'string' && /^[ \u00a0\ufffd]*[=+\-@|＝＋－＠]/u.test(value) ? `'${value}` : value;

const csv = (rows) =>
  rows
    .map((row) =>
      row
        .map((value) => {
          const plain = String(cell(value) ?? '');
          return /[",\r\n]/u.test(plain) || /^\s|\s$/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
        })
        .join(','),
    )
    .map((line) => `${line}\r\n`)
    .join('');

const ms = (us) => us / 1e3;

function download(name, content) {
  const title =
    data.title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/gu, '') || 'report';
  const href = window.URL.createObjectURL(new Blob([content], { type: 'text/csv;charset=utf-8' }));
  const a = make('a', { href, download: `${title}-${name}.csv` });
  a.click();
  setTimeout(() => window.URL.revokeObjectURL(href), 60_000);
}

async function copy(content, told) {
  const before = told.textContent;
  try {
    await navigator.clipboard.writeText(content);
  } catch {
    const area = make('textarea', { class: 'hidden', 'aria-hidden': 'true' });
    area.value = content;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  told.textContent = 'Copied';
  setTimeout(() => {
    told.textContent = before;
  }, 1500);
}

// csvTools are the buttons of a table: rows returns what it has, its heading first.
function csvTools(name, rows) {
  const what = name.replaceAll('-', ' ');
  const copied = button('Copy', () => copy(csv(rows()), copied), {
    class: 'tool small',
    'aria-label': `Copy ${what} as CSV`,
  });
  return make(
    'span',
    { class: 'csv' },
    button('CSV', () => download(name, csv(rows())), { class: 'tool small', 'aria-label': `Download ${what} as CSV` }),
    copied,
  );
}

// shownText is what a cell of a table says.
function shownText(td) {
  const parts = [];
  const walk = (node) => {
    if (node.nodeType === 3) parts.push(node.data);
    else if (node.nodeType === 1 && node.getAttribute('aria-hidden') !== 'true' && node.localName !== 'svg') {
      const apart = ['small', 'li', 'ul'].includes(node.localName);
      if (apart) parts.push(' ');
      node.childNodes.forEach(walk);
    }
  };
  walk(td);
  return parts.join('').replace(/\s+/gu, ' ').trim();
}

// Tables that are in the page without the script are handed out as they are, with what is not open.
for (const [id, name] of [
  ['thresholds', 'thresholds'],
  ['checks', 'checks'],
  ['budgets', 'budgets'],
  ['baseline', 'baseline'],
]) {
  const section = byId(id);
  const tables = section ? [...section.querySelectorAll('table')] : [];
  if (tables.length) {
    section
      .querySelector('.head')
      .append(
        csvTools(name, () => [
          [...tables[0].tHead.rows[0].cells].map(shownText),
          ...tables.flatMap((table) => [...table.tBodies[0].rows].map((tr) => [...tr.cells].map(shownText))),
        ]),
      );
  }
}
for (const table of document.querySelectorAll('table.phases, table.modes')) {
  table
    .closest('section')
    .querySelector('.head')
    .append(
      csvTools(table.classList.contains('modes') ? 'runs' : 'phases', () =>
        [...table.rows].map((tr) => [...tr.cells].filter((c) => !c.classList.contains('plot-cell')).map(shownText)),
      ),
    );
}
if (byId('failures')) {
  byId('failures')
    .querySelector('.head')
    .append(
      csvTools('failures', () => [
        ['name', 'count', 'reason', 'code', 'status'],
        ...data.names.flatMap((row) =>
          (row[9] ?? []).map(([n, why, code, status]) => [row[0], n, data.texts[why], code, status || '']),
        ),
      ]),
    );
}
