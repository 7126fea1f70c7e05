// Draws runs URL by URL.

// ticks are round times from 0 to the longest, about as many as wanted.
function ticks(longest, wanted) {
  if (longest <= 0) return [0];
  const rough = longest / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  return Array.from({ length: Math.floor(longest / step + 1e-9) + 1 }, (_, i) => i * step);
}

// tick is a time on an axis: short, in the unit of the longest.
function tick(us, longest) {
  const [unit, name] = longest >= 1e6 ? [1e6, 's'] : longest >= 1e3 ? [1e3, 'ms'] : [1, 'µs'];
  return us === 0 ? '0' : `${Number((us / unit).toPrecision(6))} ${name}`;
}

// badness puts what failed before what is over budget.
const badness = (row) => (row[STATE] === 2 ? 2 : row[OVER] > 0 ? 1 : 0);

const orders = {
  list: ['in their order', null],
  slow: ['slowest first', (a, b) => b[ELAPSED] - a[ELAPSED]],
  start: ['by start', (a, b) => a[QUEUED] - b[QUEUED] || ended(a) - ended(b)],
  failed: ['failed first', (a, b) => badness(b) - badness(a) || b[ELAPSED] - a[ELAPSED]],
};

let panes = 0;

// Pane is the waterfall of one run. Only the rows in sight are elements, so that tens of thousands stay smooth.
class Pane {
  constructor(line, title, scale) {
    this.line = line;
    this.scale = scale;
    this.id = `pane${panes++}`;
    this.rows = line.rows;
    this.active = -1;
    this.shown = new Map();

    const facts = [`${count(line.count)} URLs in ${time(line.elapsed)}`];
    if (line.failed) facts.push(`${count(line.failed)} failed`);
    if (line.notRun) facts.push(`${count(line.notRun)} not run`);
    if (line.mode !== 'sequential') facts.push(`at most ${count(line.peak)} in flight`);
    const heading = make('h3', {}, title, make('span', {}, facts.join(' · ')));
    this.axis = make('div', { class: 'ticks' });
    this.lines = make('div');
    this.space = make('div', { class: 'space' }, make('div', { class: 'grid cols', 'aria-hidden': 'true' }, this.lines));
    this.view = make('div', {
      class: 'rows', role: 'listbox', tabindex: '0', id: this.id,
      'aria-label': `${title}: ${facts.join(', ')}. Arrow keys go through the URLs.`,
    }, this.space);
    const note = line.count > line.rows.length
      ? [make('p', { class: 'rowsnote' }, `The first ${count(line.rows.length)} of ${count(line.count)} URLs are shown.`)] : [];
    this.element = make('div', { class: 'pane' }, heading,
      ...this.flight(),
      make('div', { class: 'cols', 'aria-hidden': 'true' }, make('span', { class: 'void' }), this.axis, make('span', { class: 'void' })),
      this.view, ...note);

    this.view.addEventListener('scroll', () => this.later(), { passive: true });
    this.view.addEventListener('pointermove', (e) => this.point(e));
    this.view.addEventListener('pointerleave', hideTip);
    this.view.addEventListener('click', (e) => this.point(e, true));
    this.view.addEventListener('keydown', (e) => this.key(e));
    this.view.addEventListener('focus', () => this.focus());
    this.view.addEventListener('blur', hideTip);
  }

  // flight is a picture of how many were in flight, when.
  flight() {
    const ran = this.rows.filter((r) => r[STATE] !== 0);
    if (ran.length < 12 || this.line.mode === 'sequential') return [];
    const steps = ran.flatMap((r) => [[r[QUEUED], 1], [ended(r), -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const columns = 600;
    const most = new Array(columns + 1).fill(0);
    let now = 0;
    let column = 0;
    for (const [at, change] of steps) {
      const place = Math.min(columns, Math.floor(at / this.scale * columns));
      while (column < place) most[++column] = now;
      now += change;
      most[column] = Math.max(most[column], now);
    }
    const peak = Math.max(...most);
    const end = Math.min(columns, Math.ceil(steps.at(-1)[0] / this.scale * columns));
    let path = `M0 ${peak}`;
    for (let i = 0; i <= end; i++) path += `L${i} ${peak - most[i]}L${i + 1} ${peak - most[i]}`;
    path += `L${Math.min(end + 1, columns)} ${peak}Z`;
    return [make('div', { class: 'cols', 'aria-hidden': 'true' },
      make('span', { class: 'flight-label' }, `in flight, at most ${peak}`),
      make('div', { class: 'flight' },
        draw('svg', { viewBox: `0 0 ${columns} ${peak || 1}`, preserveAspectRatio: 'none' }, draw('path', { d: path }))),
      make('span', { class: 'void' }))];
  }

  // arrange shows the rows in another order.
  arrange(order) {
    const by = orders[order][1];
    this.rows = by ? [...this.line.rows].sort(by) : this.line.rows;
    this.active = -1;
    this.view.removeAttribute('aria-activedescendant');
    this.view.scrollTop = 0;
    this.reset();
  }

  // reset draws everything anew.
  reset() {
    for (const e of this.shown.values()) e.remove();
    this.shown.clear();
    this.height = parseFloat(getComputedStyle(this.view).getPropertyValue('--row')) || 26;
    this.space.style.height = `${this.rows.length * this.height}px`;
    const wide = this.axis.clientWidth || 600;
    const marks = ticks(this.scale, Math.max(2, Math.min(10, wide / 62)));
    this.axis.replaceChildren(...marks.map((at) => {
      const label = make('span', {}, tick(at, this.scale));
      const share = at / this.scale;
      label.style.left = `${share * 100}%`;
      if (at > 0 && (1 - share) * wide < 24) label.className = 'last';
      return label;
    }));
    this.lines.replaceChildren(...[...marks, this.line.elapsed].map((at, i) => {
      const mark = make('i', i === marks.length ? { class: 'end' } : {});
      mark.style.left = `${Math.min(100, at / this.scale * 100)}%`;
      return mark;
    }));
    this.render();
  }

  later() {
    if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.render();
      });
    }
  }

  render(all = 0) {
    const above = 6;
    const first = all ? 0 : Math.max(0, Math.floor(this.view.scrollTop / this.height) - above);
    const last = all ? Math.min(all, this.rows.length)
      : Math.min(this.rows.length, Math.ceil((this.view.scrollTop + this.view.clientHeight) / this.height) + above);
    for (const [i, e] of this.shown) {
      if (i < first || i >= last) {
        e.remove();
        this.shown.delete(i);
      }
    }
    for (let i = first; i < last; i++) {
      if (!this.shown.has(i)) {
        const e = this.row(i);
        this.shown.set(i, e);
        this.space.append(e);
      }
    }
  }

  row(i) {
    const row = this.rows[i];
    const state = states[row[STATE]];
    const bars = make('span', { class: 'bars' });
    let drawn = null;
    for (const [part, start, length] of segments(row)) {
      const bar = make('b', { class: part });
      bar.style.left = `${start / this.scale * 100}%`;
      bar.style.width = `${length / this.scale * 100}%`;
      if (part !== 'queued') {
        if (!drawn) bar.classList.add('first');
        drawn = bar;
      }
      bars.append(bar);
    }
    if (drawn) drawn.classList.add('end');
    if (state === 'failed') {
      const cross = make('i', { class: 'cross' });
      cross.style.left = `${Math.min(99.6, ended(row) / this.scale * 100)}%`;
      bars.append(cross);
    }
    const mark = state === 'failed' ? '✕ ' : '';
    const e = make('div', {
      class: `row cols ${state}${row[OVER] > 0 ? ' over' : ''}${i === this.active ? ' active' : ''}`, role: 'option', id: `${this.id}-${i}`,
      'aria-posinset': String(i + 1), 'aria-setsize': String(this.rows.length), 'aria-label': described(row),
      'aria-selected': String(i === this.active),
    },
    make('span', { class: 'label' }, ...(mark ? [make('span', { 'aria-hidden': 'true' }, mark)] : []), ...ends(text(row, LABEL))), ' ', bars,
    make('span', { class: 'time' }, state === 'not_run' ? 'not run' : time(row[ELAPSED])));
    e.style.top = `${i * this.height}px`;
    e.dataset.row = i;
    return e;
  }

  point(e, choose = false) {
    const found = e.target.closest('.row');
    if (!found) {
      hideTip();
      return;
    }
    const i = Number(found.dataset.row);
    if (choose) this.select(i, false);
    showTip(this.rows[i], e.clientX, e.clientY);
  }

  select(i, tell = true) {
    const before = this.shown.get(this.active);
    if (before) {
      before.classList.remove('active');
      before.setAttribute('aria-selected', 'false');
    }
    this.active = i;
    const top = i * this.height;
    if (top < this.view.scrollTop) this.view.scrollTop = top;
    const bottom = top + this.height - this.view.clientHeight;
    if (bottom > this.view.scrollTop) this.view.scrollTop = bottom;
    this.render();
    const e = this.shown.get(i);
    e.classList.add('active');
    e.setAttribute('aria-selected', 'true');
    this.view.setAttribute('aria-activedescendant', e.id);
    if (tell) this.tell(e, i);
  }

  tell(e, i) {
    const box = e.getBoundingClientRect();
    const bars = e.querySelector('.bars').getBoundingClientRect();
    showTip(this.rows[i], bars.left + bars.width * Math.min(.6, this.rows[i][QUEUED] / this.scale), box.bottom - 12);
  }

  focus() {
    if (this.rows.length > 0 && this.view.matches(':focus-visible')) this.select(Math.max(0, this.active));
  }

  key(e) {
    const page = Math.max(1, Math.floor(this.view.clientHeight / this.height) - 1);
    const moves = {
      ArrowDown: this.active + 1, ArrowUp: this.active - 1, PageDown: this.active + page, PageUp: this.active - page,
      Home: 0, End: this.rows.length - 1,
    };
    if (!(e.key in moves) || this.rows.length === 0 || e.ctrlKey || e.altKey || e.metaKey) return;
    e.preventDefault();
    this.select(Math.min(Math.max(0, moves[e.key]), this.rows.length - 1));
  }
}

function title(line) {
  if (line.mode === 'sequential') return 'One at a time';
  const how = `up to ${count(line.concurrency)} at once`;
  return line.mode === 'concurrent' ? `Together, ${how}` : `${line.mode}, ${how}`;
}

function waterfall(root, lines, oneScale) {
  const longest = (line) => line.rows.reduce((most, r) => Math.max(most, ended(r)), line.elapsed) || 1;
  const shared = Math.max(...lines.map(longest));
  const all = lines.map((line) => new Pane(line, title(line), oneScale ? shared : longest(line)));
  const used = new Set(lines.flatMap((line) => line.rows.flatMap((r) => segments(r).map(([part]) => part))));
  const legend = make('ul', { class: 'legend', 'aria-label': 'Colours of the phases' },
    ...parts.filter((part) => used.has(part)).map((part) =>
      make('li', {}, make('span', { class: `swatch ${part}`, 'aria-hidden': 'true' }), words[part])));
  const select = make('select', { 'aria-label': 'Order of the URLs' },
    ...Object.entries(orders).map(([value, [name]]) => make('option', { value }, name)));
  select.addEventListener('change', () => {
    hideTip();
    all.forEach((pane) => pane.arrange(select.value));
  });
  root.classList.toggle('two', all.length > 1);
  root.append(make('div', { class: 'tools' }, legend, select), ...all.map((pane) => pane.element));
  all.forEach((pane) => pane.reset());
  return all;
}

const drawn = [];
if (byId('comparison')) {
  drawn.push(...waterfall(byId('comparison'), data.compared.map((i) => data.lines[i]), true));
}
if (byId('waterfall')) {
  drawn.push(...waterfall(byId('waterfall'), data.single.map((i) => data.lines[i]), false));
}
