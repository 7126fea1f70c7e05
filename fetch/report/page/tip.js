// Shows the tooltip.

const tip = byId('tip');

function showTip(row, x, y) {
  const body = make('table');
  for (const [part, , length] of segments(row)) {
    body.append(
      make(
        'tr',
        {},
        make('th', {}, make('span', { class: `swatch ${part}` }), words[part]),
        make('td', { class: 'n' }, time(length)),
      ),
    );
  }
  if (states[row[STATE]] !== 'not_run' && !row.resource?.cached) {
    body.append(make('tr', { class: 'sum' }, make('th', {}, 'time'), make('td', { class: 'n' }, time(row[ELAPSED]))));
  }
  const facts = [outcome(row)];
  if (row[BYTES] > 0) facts.push(size(row[BYTES]));
  if (row[ATTEMPTS] > 1) facts.push(`${row[ATTEMPTS]} attempts`);
  if (reused(row)) facts.push('connection reused');
  const address = `${text(row, METHOD)} ${text(row, URL)}`;
  tip.replaceChildren(
    make('strong', {}, text(row, LABEL)),
    ...(text(row, LABEL) === text(row, URL) ? [] : [make('div', { class: 'quiet' }, address)]),
    ...(row.resource ? [make('div', {}, `${row.resource.kind}, ${aboutResource(row)}`)] : []),
    make('div', { class: states[row[STATE]] === 'failed' ? 'bad' : 'quiet' }, facts.join(', ')),
    ...(text(row, OVER) ? [make('div', { class: 'bad' }, `over budget: ${text(row, OVER)}`)] : []),
    body,
  );
  placeTip(x, y);
}

function placeTip(x, y) {
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const left = Math.min(Math.max(12, x + 14), innerWidth - box.width - 12);
  const top = y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18;
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(8, top)}px`;
}

const hideTip = () => {
  tip.hidden = true;
};
document.addEventListener('keydown', (e) => {
  if (e.key === 'Escape') hideTip();
});
addEventListener('scroll', hideTip, { passive: true });
