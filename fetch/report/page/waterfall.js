// Draws results one below the other, with bars of what their time is made of.

const [firstRows, ofVisit, moreRows, groupRows] = [40, 100, 200, 10];
const deepest = 4; // how far a resource is indented

// badness puts what failed before what is over budget.
const badness = (row) => (row[STATE] === 2 ? 2 : row[OVER] > 0 ? 1 : 0);

const orders = {
  slow: ['slowest first', (a, b) => b[ELAPSED] - a[ELAPSED]],
  start: ['by start', (a, b) => started(a) - started(b) || ended(a) - ended(b)],
  list: ['in their order', null],
  failed: ['failed first', (a, b) => badness(b) - badness(a) || b[ELAPSED] - a[ELAPSED]],
};

let panes = 0;

// oneByOne reports whether a run was one target at a time. A script may call any way sequential.
const oneByOne = (line) => line.mode === 'sequential' && line.concurrency <= 1;

function title(line) {
  if (line.visit) return line.visit.name;
  if (oneByOne(line)) return 'One at a time';
  const how = `up to ${count(line.concurrency)} at once`;
  return line.mode === 'concurrent' ? `Together, ${how}` : `${line.mode}, ${how}`;
}

const longest = (line) => line.rows.reduce((most, r) => Math.max(most, ended(r)), line.elapsed) || 1;

// ruler measures texts.
const ruler = document.createElement('canvas').getContext('2d');

// named is what names a result here: a resource by its URL, because its name is that of many.
const named = (row) => text(row, row.resource ? URL : LABEL);

// Pane is a list of results. A run's bars stand where they were in the run; those of several runs all begin at 0.
class Pane {
  constructor(order) {
    this.id = `pane${panes++}`;
    this.order = order;
    this.grouped = false;
    this.heading = make('h3');
    this.flight = make('div', { class: 'cols flight-cols', 'aria-hidden': 'true' });
    this.moments = make('div', { class: 'moments' });
    this.axis = make('div', { class: 'ticks' });
    this.lines = make('div');
    this.view = make('ol', { class: 'rows', id: this.id });
    this.more = make('p', { class: 'more' });
    this.element = make(
      'div',
      { class: 'pane' },
      this.heading,
      this.flight,
      make(
        'div',
        { class: 'cols', 'aria-hidden': 'true' },
        make('span', { class: 'void' }),
        this.moments,
        make('span', { class: 'void' }),
      ),
      make(
        'div',
        { class: 'cols axis-cols', 'aria-hidden': 'true' },
        make('span', { class: 'void' }),
        this.axis,
        make('span', { class: 'void' }),
      ),
      make('div', { class: 'list' }, make('div', { class: 'grid cols', 'aria-hidden': 'true' }, this.lines), this.view),
      this.more,
    );
    this.view.addEventListener('pointermove', (e) => this.point(e));
    this.view.addEventListener('pointerleave', () => {
      hideTip();
      this.relate(null);
    });
    this.view.addEventListener('click', (e) => this.open(e));
    this.view.addEventListener('keydown', (e) => this.key(e));
    this.view.addEventListener('focusin', (e) => this.focus(e));
    this.view.addEventListener('focusout', hideTip);
  }

  // fill shows a run, or results of several.
  fill({ name, rows, line, scale }) {
    Object.assign(this, { name, all: rows, line, scale });
    this.show();
  }

  // show draws everything anew.
  show() {
    const { line } = this;
    this.rows = this.all.filter(meets);
    const by = orders[this.order][1];
    if (by) this.rows.sort(by);
    const facts = this.facts();
    if (line?.failed) facts.push(`${count(line.failed)} failed`);
    if (line?.notRun) facts.push(`${count(line.notRun)} not run`);
    if (line && !oneByOne(line) && !line.visit) facts.push(`at most ${count(line.peak)} in flight`);
    if (line && line.count > this.all.length) facts.push(`the first ${count(this.all.length)} are kept`);
    if (this.rows.length < this.all.length) facts.push(`${count(this.rows.length)} shown by the filter`);
    this.element.classList.toggle('visit', this.rows.some((row) => row.resource));
    this.heading.replaceChildren(this.name, make('span', {}, facts.join(' · ')));
    this.view.setAttribute('aria-label', `${this.name}: ${facts.join(', ')}`);
    const origins = new Set(line?.visit ? [cutURL(line.visit.url)[0]] : this.rows.map((row) => cutURL(named(row))[0]));
    this.origin = origins.size === 1 ? [...origins][0] : '';
    if (this.origin && !this.grouped && !this.name.startsWith(this.origin)) this.heading.append(make('span', { class: 'origin' }, ...breakable(this.origin)));
    this.limit = line?.visit ? ofVisit : firstRows;
    this.drawFlight();
    this.measure();
    this.render();
  }

  // facts are what a heading says.
  facts() {
    const { line } = this;
    if (!line) return [`${count(this.all.length)} results`];
    if (!line.visit) return [`${inURLs(line.count)} in ${time(line.elapsed)}`];
    const { document: came, blocking, load, hits, validated: same } = line.visit;
    const facts = [inURLs(line.count), `document ${time(came)}`, `blocking ${time(blocking)}`, `load ${time(load)}`];
    if (hits) facts.push(`${count(hits)} from cache`);
    if (same) facts.push(`${count(same)} validated`);
    return facts;
  }

  // drawFlight draws how many were in flight, when.
  drawFlight() {
    const ran = this.line ? this.line.rows.filter((r) => r[STATE] !== 0) : [];
    this.flight.hidden = ran.length < 12 || oneByOne(this.line);
    if (this.flight.hidden) return;
    const steps = ran
      .flatMap((r) => [
        [started(r), 1],
        [ended(r), -1],
      ])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const columns = 600;
    const most = new Array(columns + 1).fill(0);
    let now = 0;
    let column = 0;
    for (const [at, change] of steps) {
      const place = Math.min(columns, Math.floor((at / this.scale) * columns));
      while (column < place) most[++column] = now;
      now += change;
      most[column] = Math.max(most[column], now);
    }
    const peak = Math.max(...most);
    const end = Math.min(columns, Math.ceil((steps.at(-1)[0] / this.scale) * columns));
    let path = `M0 ${peak}`;
    for (let i = 0; i <= end; i++) path += `L${i} ${peak - most[i]}L${i + 1} ${peak - most[i]}`;
    path += `L${Math.min(end + 1, columns)} ${peak}Z`;
    this.flight.replaceChildren(
      make('span', { class: 'flight-label' }, `in flight, at most ${peak}`),
      make(
        'div',
        { class: 'flight' },
        draw('svg', { viewBox: `0 0 ${columns} ${peak || 1}`, preserveAspectRatio: 'none' }, draw('path', { d: path })),
      ),
      make('span', { class: 'void' }),
    );
  }

  // measure draws the axis, as wide as there is space.
  measure() {
    const wide = this.axis.clientWidth || 600;
    const all = this.view.clientWidth || 800;
    const letter = 6.6;
    const label = all > wide ? all - wide - 100 : all - 130;
    this.tail = Math.max(12, Math.floor((label / letter) * 0.78)); // what is left has an ellipsis
    this.space = all > wide ? all - wide - 278 : all - 164; // beside type, priority and time
    ruler.font = `13.6px ${getComputedStyle(this.view).fontFamily}`;
    const marks = ticks(this.scale, Math.max(2, Math.min(10, wide / 62)));
    this.axis.replaceChildren(
      ...marks.map((at) => {
        const label = make('span', {}, tick(at, this.scale));
        const share = at / this.scale;
        label.style.left = `${share * 100}%`;
        if (at > 0 && (1 - share) * wide < 24) label.className = 'last';
        return label;
      }),
    );
    const visit = this.line?.visit;
    const moments = visit
      ? [
          [visit.blocking, 'until'],
          [visit.load, 'end'],
        ]
      : this.line
        ? [[this.line.elapsed, 'end']]
        : [];
    this.lines.replaceChildren(
      ...[...marks.map((at) => [at, '']), ...moments].map(([at, name]) => {
        const mark = make('i', { class: name });
        mark.style.left = `${Math.min(100, (at / this.scale) * 100)}%`;
        return mark;
      }),
    );
    this.nameMoments(visit, wide);
  }

  // nameMoments names the lines at the times of a visit. Names that would meet are one above the other.
  nameMoments(visit, wide) {
    this.moments.hidden = !visit;
    if (!visit) return;
    ruler.font = `600 12.5px ${getComputedStyle(this.view).fontFamily}`;
    const beside = 14; // the line, and what keeps names apart
    const of = (what, us) => {
      const said = `${what} ${time(us)}`;
      const at = (us / this.scale) * wide;
      const long = ruler.measureText(said).width + beside;
      return { said, at, long, left: at + long > wide };
    };
    const [blocking, load] = [of('blocking', visit.blocking), of('load', visit.load)];
    const begin = load.left ? load.at - load.long : load.at;
    if (blocking.at + blocking.long > begin) blocking.left = blocking.at - blocking.long > 0;
    const apart = (blocking.left ? blocking.at : blocking.at + blocking.long) <= begin;
    this.moments.classList.toggle('stacked', !apart);
    this.moments.replaceChildren(
      ...[blocking, load].map(({ said, at, left }, i) => {
        const label = make('span', { class: `${['until', 'end'][i]}${left ? ' left' : ''}` }, said);
        label.style.left = `${(at / wide) * 100}%`;
        return label;
      }),
    );
  }

  render() {
    this.view.replaceChildren(
      ...(this.grouped ? this.groups() : this.rows.slice(0, this.limit).map((row) => this.item(row))),
    );
    this.view.querySelector('button.row')?.setAttribute('tabindex', '0');
    const rest = this.rows.length - this.limit;
    this.more.hidden = this.grouped ? true : rest <= 0 && this.rows.length > 0;
    if (this.rows.length === 0)
      this.more.replaceChildren(
        make('span', { class: 'quiet' }, this.all.length ? 'Nothing here meets the filter.' : 'Nothing was kept.'),
      );
    else if (rest > 0) this.more.replaceChildren(this.moreButton(rest, moreRows, (n) => this.add(n)));
  }

  moreButton(rest, step, act) {
    const n = Math.min(rest, step);
    return button(`Show ${count(n)} more of ${count(rest)}`, () => act(n));
  }

  add(n) {
    const next = this.rows.slice(this.limit, this.limit + n).map((row) => this.item(row));
    for (const item of next) item.classList.add('far');
    this.limit += n;
    this.view.append(...next);
    const rest = this.rows.length - this.limit;
    this.more.hidden = rest <= 0;
    if (rest > 0) this.more.replaceChildren(this.moreButton(rest, moreRows, (m) => this.add(m)));
    next[0]?.firstChild.focus({ preventScroll: true });
    hideTip();
  }

  // groups are the results by host, each with its first ones.
  groups() {
    const byOrigin = new Map();
    for (const row of this.rows) {
      const [origin] = cutURL(text(row, URL));
      if (!byOrigin.has(origin)) byOrigin.set(origin, []);
      byOrigin.get(origin).push(row);
    }
    return [...byOrigin].map(([origin, rows]) => {
      const failed = rows.filter((row) => states[row[STATE]] === 'failed').length;
      const list = make('ol', { 'aria-label': origin || 'others' });
      const more = make('p', { class: 'more' });
      let limit = 0;
      const add = (n) => {
        list.append(...rows.slice(limit, limit + n).map((row) => this.item(row)));
        limit += n;
        more.hidden = limit >= rows.length;
        if (!more.hidden) more.replaceChildren(this.moreButton(rows.length - limit, moreRows, add));
      };
      add(groupRows);
      const facts = [inURLs(rows.length), ...(failed ? [`${count(failed)} failed`] : [])];
      return make(
        'li',
        { class: 'group' },
        make('h4', {}, ...breakable(origin || 'others'), make('span', {}, facts.join(', '))),
        list,
        more,
      );
    });
  }

  // label is what a row is called, without what all rows here begin with, or most of a visit do.
  label(row) {
    const [origin, rest] = cutURL(named(row));
    if (!origin) return named(row);
    if (this.grouped || origin === this.origin) return rest;
    return named(row).replace(row.resource && this.origin.startsWith('http:') ? /^https?:\/\//u : /^https:\/\//u, '');
  }

  // short is what a row calls a result. URLs of resources have less space, and are cut.
  short(row, mark) {
    const name = this.label(row);
    const before = this.before(row) + mark;
    return row.resource ? shortURL(name, (s) => ruler.measureText(before + s).width <= this.space) : name;
  }

  // before stands before the name of a resource that was not found in the page itself.
  before(row) {
    const deep = row.resource && this.line ? Math.min(depth(row), deepest) : 0;
    return deep ? `${'\u2003'.repeat(deep - 1)}↳ ` : '';
  }

  // parts are the label of a row. That of a resource has its type and its priority. What is said in other words to those
  // who hear the page is no text of its own.
  parts(row, mark, name) {
    const marked = mark ? [make('span', { class: mark.startsWith('✕') ? 'why' : 'same', 'aria-hidden': 'true' }, mark)] : [];
    if (!row.resource) return [...marked, ...ends(name, this.tail - mark.length)];
    const { priority } = row.resource;
    const before = this.before(row);
    return [
      badge(row.resource),
      ' ',
      ...(before ? [make('span', { class: 'by', 'data-text': before })] : []),
      ...marked,
      ...ends(name, Math.max(12, Math.floor(this.space / 13))),
      make('span', { class: `prio prio-${priority}`, 'data-text': priority }),
    ];
  }

  item(row) {
    const state = states[row[STATE]];
    const bars = make('span', { class: 'bars' });
    const shift = this.line ? 0 : started(row);
    let drawn = null;
    for (const [part, start, length] of segments(row)) {
      if (shift && part === 'queued') continue;
      const bar = make('b', { class: part });
      bar.style.left = `${((start - shift) / this.scale) * 100}%`;
      bar.style.width = `${(length / this.scale) * 100}%`;
      if (part !== 'queued') {
        if (!drawn) bar.classList.add('first');
        drawn = bar;
      }
      bars.append(bar);
    }
    if (drawn) drawn.classList.add('end');
    if (row.resource?.cached) {
      const at = this.line ? (started(row) / this.scale) * 100 : 0;
      const point = make('i', { class: 'cached' });
      point.style.left = `${Math.min(99.6, at)}%`;
      bars.append(point);
    }
    if (state === 'failed') {
      const cross = make('i', { class: 'cross' });
      cross.style.left = `${Math.min(99.6, ((ended(row) - shift) / this.scale) * 100)}%`;
      bars.append(cross);
    }
    const mark = state === 'failed' ? `✕${row[STATUS] ? ` ${row[STATUS]}` : ''} ` : validated(row) ? '304 ' : '';
    const name = this.short(row, mark);
    const kind = row.resource ? `${row.resource.kind} ` : '';
    const cached = row.resource?.cached;
    const e = make(
      'button',
      {
        type: 'button',
        class: `row cols ${state}${row[OVER] > 0 ? ' over' : ''}${cached ? ' hit' : ''}`,
        'aria-label': described(row, kind + mark + name),
        'aria-expanded': 'false',
        tabindex: '-1',
      },
      make('span', { class: 'label' }, ...this.parts(row, mark, name)),
      ' ',
      bars,
      make('span', { class: 'time' }, state === 'not_run' ? 'not run' : cached ? 'from cache' : time(row[ELAPSED])),
    );
    e.result = row;
    return make('li', {}, e);
  }

  open(e) {
    const found = e.target.closest('button.row');
    if (!found) return;
    hideTip();
    const open = found.getAttribute('aria-expanded') !== 'true';
    found.setAttribute('aria-expanded', String(open));
    if (open) found.after(opened(found.result, this));
    else found.nextSibling.remove();
  }

  // rowOf is the row of a result, if it is in sight.
  rowOf(result) {
    return result && [...this.view.querySelectorAll('button.row')].find((e) => e.result === result);
  }

  // go goes to a row.
  go(e) {
    e.focus();
    e.scrollIntoView({ block: 'center' });
  }

  // relate marks what refers to a resource of a visit, and what that refers to.
  relate(row) {
    if (!this.line?.visit || row === this.related) return;
    this.related = row;
    const by = row && initiatorOf(row);
    for (const e of this.view.querySelectorAll('button.row')) {
      e.classList.toggle('initiates', Boolean(by) && e.result === by);
      e.classList.toggle('initiated', Boolean(row) && e.result.resource?.initiator === row.place);
    }
  }

  point(e) {
    const found = e.target.closest('button.row');
    this.relate(found?.result ?? null);
    if (found && e.pointerType !== 'touch') showTip(found.result, e.clientX, e.clientY);
    else hideTip();
  }

  // focus makes the row that has the focus the one that the tabulator comes back to.
  focus(e) {
    const found = e.target.closest('button.row');
    if (!found) return;
    for (const other of this.view.querySelectorAll('button.row[tabindex="0"]')) other.setAttribute('tabindex', '-1');
    found.setAttribute('tabindex', '0');
    this.relate(found.result);
    if (found.matches(':focus-visible')) {
      const box = found.getBoundingClientRect();
      showTip(found.result, box.left + box.width / 3, box.bottom - 12);
    }
  }

  key(e) {
    const found = e.target.closest('button.row');
    if (!found || e.ctrlKey || e.altKey || e.metaKey) return;
    const all = [...this.view.querySelectorAll('button.row')];
    const at = all.indexOf(found);
    const page = 10;
    const moves = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: all.length - 1,
    };
    if (!(e.key in moves)) return;
    e.preventDefault();
    all[Math.min(Math.max(0, moves[e.key]), all.length - 1)].focus();
  }
}

// used are the parts that any of some results has.
function legend(rows) {
  const used = new Set(rows.flatMap((r) => segments(r).map(([part]) => part)));
  return make(
    'ul',
    { class: 'legend', 'aria-label': 'Colours of the phases' },
    ...parts
      .filter((part) => used.has(part))
      .map((part) => make('li', {}, make('span', { class: `swatch ${part}`, 'aria-hidden': 'true' }), words[part])),
    ...(rows.some((r) => r.resource?.blocking)
      ? [make('li', {}, make('span', { class: 'kind must' }, 'type'), ' blocks the page')]
      : []),
  );
}
