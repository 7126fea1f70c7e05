// Reads a single result.

// The places in a row of data.
const [LABEL, URL, METHOD, STATE, STATUS, CODE, ERROR, ATTEMPTS, BYTES, REUSED, QUEUED, ELAPSED, TIMES] = [
  ...Array(13).keys(),
];
const OVER = TIMES + 7; // the checks of its budget that it broke
const [NAMED, DETAIL, RESOURCE, DUE, TRACE, FALLBACK, LINE] = [8, 9, 10, 11, 12, 13, 14].map((place) => TIMES + place);
const reused = (row) => Boolean(row[REUSED] & 1);
const sentEarly = (row) => Boolean(row[REUSED] & 2);
const text = (row, place) => data.texts[row[place]];
data.rows.forEach((row) => {
  while (row.length < LINE) row.push(0);
  row.push(-1);
  row.resource = resourceOf(row);
});
data.lines.forEach((line, i) => {
  line.rows = data.rows.slice(line.first, line.first + line.rows);
  line.rows.forEach((row, place) => {
    row[LINE] = i;
    row.place = place;
  });
});

// segments returns [part, start, length] of a result, in order, without those that took no time.
function segments(row) {
  if (row.resource?.cached) return [];
  const [blocked, lookingUp, connecting, tls, sending, waiting, receiving] = row.slice(TIMES, OVER);
  // Over QUIC, TLS is a part of connecting, and both do not fit into the time for getting a connection.
  const dialing = Math.min(connecting, Math.max(0, blocked - lookingUp - tls));
  const alone = Math.max(0, blocked - lookingUp - dialing - tls);
  const last = [alone, lookingUp, dialing, tls, sending, waiting, receiving];
  const earlier = Math.max(0, row[ELAPSED] - last.reduce((sum, n) => sum + n, 0));
  const all = [row[QUEUED], earlier, ...last];
  const found = [];
  let at = row[DUE];
  parts.forEach((part, i) => {
    // A gap that is a matter of clocks only shifts what follows.
    const shown =
      all[i] > 0 && (part !== 'earlier' || ((row[ATTEMPTS] > 1 || earlier > 1000) && earlier > row[ELAPSED] / 50));
    if (shown) found.push([part, at, all[i]]);
    at += all[i];
  });
  return found;
}

const started = (row) => row[DUE] + row[QUEUED];
const ended = (row) => started(row) + row[ELAPSED];

// reasonOf is why a result failed, as Go says it.
function reasonOf(row) {
  if (states[row[STATE]] !== 'failed') return '';
  return text(row, ERROR) || (row[STATUS] ? `unexpected status ${row[STATUS]}` : 'failed');
}

// cutURL is a URL in two: its origin, and the rest. Other texts have no origin.
function cutURL(url) {
  const found = /^([a-z][a-z0-9+.-]*:\/\/[^/?#\s]+)([/?#].*)?$/isu.exec(url);
  return found ? [found[1], found[2] || '/'] : ['', url];
}

// hostOf is the host of a URL, with its port if it has one of its own.
const hostOf = (url) =>
  cutURL(url)[0]
    .replace(/^.*?:\/\/([^@]*@)?/u, '')
    .toLowerCase();

function outcome(row) {
  switch (states[row[STATE]]) {
    case 'not_run':
      return 'not run';
    case 'failed':
      return `failed: ${reasonOf(row)}`;
    default:
      return `status ${row[STATUS]}${row.resource?.cached ? ', from cache' : validated(row) ? ', not changed' : ''}`;
  }
}

// described is a result in words, for those who hear the page. It begins with what others see of it.
function described(row, shown) {
  if (states[row[STATE]] === 'not_run') return `${shown} not run`;
  const phases = segments(row).map(([part, , length]) => `${words[part]} ${time(length)}`);
  const over = text(row, OVER) ? ` over budget: ${text(row, OVER)};` : '';
  if (!row.resource) return `${shown} ${time(row[ELAPSED])}: ${outcome(row)};${over} ${phases.join(', ')}`;
  const took = row.resource.cached ? 'from cache' : time(row[ELAPSED]);
  return `${shown} ${took}: ${outcome(row)}; ${aboutResource(row)};${over} ${[...phases, text(row, URL)].join(', ')}`;
}

// ends cuts a long text in two, so that what is left out for want of space is not at its end: URLs differ there.
function ends(label, end) {
  const letters = [...label];
  if (letters.length <= end) return [make('span', { class: 'start' }, label)];
  return [
    make('span', { class: 'start' }, letters.slice(0, -end).join('')),
    make('span', { class: 'tail' }, letters.slice(-end).join('')),
  ];
}
