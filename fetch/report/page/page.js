// Draws the pictures of a report and makes its table one to sort and to search. The page is complete without it.
(() => {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  const SVG = 'http://www.w3.org/2000/svg';
  const byId = (id) => document.getElementById(id);

  // make makes an element. Texts are set as texts, never as markup, and styles by properties, as the page's policy wants.
  function make(tag, attributes = {}, ...children) {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === 'class') e.className = value;
      else if (name in e && typeof value !== 'string') e[name] = value;
      else e.setAttribute(name, value);
    }
    e.append(...children);
    return e;
  }

  function draw(tag, attributes = {}, ...children) {
    const e = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
    e.append(...children);
    return e;
  }

  // Times are in microseconds.
  function time(us) {
    if (us === 0) return '0';
    if (us < 10) return '<0.01 ms';
    if (us < 1e4) return `${(us / 1e3).toFixed(2)} ms`;
    if (us < 1e5) return `${(us / 1e3).toFixed(1)} ms`;
    if (us < 1e6) return `${(us / 1e3).toFixed(0)} ms`;
    if (us < 1e8) return `${(us / 1e6).toFixed(2)} s`;
    return `${(us / 1e6).toFixed(0)} s`;
  }

  const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

  function size(n) {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    while (n >= 1000 && unit < units.length - 1) {
      n /= 1000;
      unit++;
    }
    return `${unit === 0 || n >= 100 ? n.toFixed(0) : n.toFixed(1)} ${units[unit]}`;
  }

  // What a time is made of, in order. `earlier` is what came before the last request.
  const parts = ['queued', 'earlier', 'blocked', 'looking_up', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving'];
  const words = {
    queued: 'queued', earlier: 'redirects and retries', blocked: 'blocked', looking_up: 'looking up',
    connecting: 'connecting', tls_handshaking: 'TLS handshake', sending: 'sending', waiting: 'waiting',
    receiving: 'receiving',
  };
  const states = ['not_run', 'done', 'failed'];

  // === A single result ===

  // The places in a row of data.
  const [LABEL, URL, METHOD, STATE, STATUS, CODE, ERROR, ATTEMPTS, BYTES, REUSED, QUEUED, ELAPSED, TIMES] =
    [...Array(13).keys()];
  const OVER = TIMES + 7; // the checks of its budget that it broke
  const text = (row, place) => data.texts[row[place]];

  // segments returns [part, start, length] of a result, in order, without those that took no time.
  function segments(row) {
    const [blocked, lookingUp, connecting, tls, sending, waiting, receiving] = row.slice(TIMES);
    const alone = Math.max(0, blocked - lookingUp - connecting - tls);
    const last = [alone, lookingUp, connecting, tls, sending, waiting, receiving];
    const earlier = Math.max(0, row[ELAPSED] - last.reduce((sum, n) => sum + n, 0));
    const all = [row[QUEUED], earlier, ...last];
    const found = [];
    let at = 0;
    parts.forEach((part, i) => {
      // A gap that is a matter of clocks only shifts what follows.
      const shown = all[i] > 0 && (part !== 'earlier' || (row[ATTEMPTS] > 1 || earlier > 1000) && earlier > row[ELAPSED] / 50);
      if (shown) found.push([part, at, all[i]]);
      at += all[i];
    });
    return found;
  }

  const ended = (row) => row[QUEUED] + row[ELAPSED];

  function outcome(row) {
    switch (states[row[STATE]]) {
      case 'not_run':
        return 'not run';
      case 'failed':
        return `failed: ${text(row, ERROR) || `unexpected status ${row[STATUS]}`}`;
      default:
        return `status ${row[STATUS]}`;
    }
  }

  // described is a result in words, for those who hear the page.
  function described(row) {
    if (states[row[STATE]] === 'not_run') return `${text(row, LABEL)} not run`;
    const phases = segments(row).map(([part, , length]) => `${words[part]} ${time(length)}`);
    const over = text(row, OVER) ? ` over budget: ${text(row, OVER)};` : '';
    return `${text(row, LABEL)} ${time(row[ELAPSED])}: ${outcome(row)};${over} ${phases.join(', ')}`;
  }

  // ends cuts a long text in two, so that what is left out for want of space is in its middle: URLs differ at their ends.
  function ends(label) {
    const end = 14;
    const letters = [...label];
    if (letters.length <= 2 * end) return [make('span', { class: 'start' }, label)];
    return [make('span', { class: 'start' }, letters.slice(0, -end).join('')), make('span', {}, letters.slice(-end).join(''))];
  }

  // === The tooltip ===

  const tip = byId('tip');

  function showTip(row, x, y) {
    const body = make('table');
    for (const [part, , length] of segments(row)) {
      body.append(make('tr', {},
        make('th', {}, make('span', { class: `swatch ${part}` }), words[part]), make('td', { class: 'n' }, time(length))));
    }
    if (states[row[STATE]] !== 'not_run') {
      body.append(make('tr', { class: 'sum' }, make('th', {}, 'time'), make('td', { class: 'n' }, time(row[ELAPSED]))));
    }
    const facts = [outcome(row)];
    if (row[BYTES] > 0) facts.push(size(row[BYTES]));
    if (row[ATTEMPTS] > 1) facts.push(`${row[ATTEMPTS]} attempts`);
    if (row[REUSED]) facts.push('connection reused');
    const address = `${text(row, METHOD)} ${text(row, URL)}`;
    tip.replaceChildren(
      make('strong', {}, text(row, LABEL)),
      ...(text(row, LABEL) === text(row, URL) ? [] : [make('div', { class: 'quiet' }, address)]),
      make('div', { class: states[row[STATE]] === 'failed' ? 'bad' : 'quiet' }, facts.join(', ')),
      ...(text(row, OVER) ? [make('div', { class: 'bad' }, `over budget: ${text(row, OVER)}`)] : []), body);
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

  const hideTip = () => { tip.hidden = true; };
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') hideTip(); });
  addEventListener('scroll', hideTip, { passive: true });

  // === The waterfall ===

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

  // === Distributions ===

  function distributions() {
    const table = byId('phases');
    if (!table) return;
    const phases = data.phases;
    let low = Infinity;
    let high = 0;
    for (const p of Object.values(phases)) {
      for (const [from, to] of p.buckets) {
        if (to > 0) {
          low = Math.min(low, Math.max(from, 1));
          high = Math.max(high, to);
        }
      }
    }
    if (high === 0) return;
    low = Math.max(high > 1e4 ? 10 : 1, 10 ** Math.floor(Math.log10(low))); // what is next to nothing is not worth the space
    high = Math.max(high * 1.05, low * 10);
    const wide = 400;
    const tall = 38;
    const columns = 80;
    const place = (us) => Math.min(1, Math.max(0, Math.log(Math.max(us, low) / low) / Math.log(high / low)));
    const at = (column) => low * (high / low) ** (column / columns);

    const axis = byId('phase-axis');
    const gap = 56 / (axis.clientWidth || wide);
    let last = -1;
    for (let decade = low; decade <= high; decade *= 10) {
      const share = place(decade);
      if (share - last < gap || share > .97) continue;
      last = share;
      const label = make('span', {}, decade >= 1e6 ? `${decade / 1e6} s` : decade >= 1e3 ? `${decade / 1e3} ms` : `${decade} µs`);
      label.style.left = `${share * 100}%`;
      axis.append(label);
    }

    for (const tr of table.tBodies[0].rows) {
      const p = phases[tr.dataset.phase];
      const bins = new Array(columns).fill(0);
      let zeros = 0;
      for (const [from, to, n] of p.buckets) {
        if (to === 0) zeros += n;
        else bins[Math.min(columns - 1, Math.floor(place((from + to) / 2) * columns))] += n;
      }
      const most = Math.max(...bins, 1);
      const svg = draw('svg', { viewBox: `0 0 ${wide} ${tall}`, preserveAspectRatio: 'none', class: tr.dataset.phase, role: 'img' });
      svg.setAttribute('aria-label', `${tr.cells[0].firstChild.nextSibling.textContent}: ${count(p.count - zeros)} of ${count(p.count)} above 0`);
      svg.append(draw('line', { x1: 0, x2: wide, y1: tall, y2: tall, class: 'base' }));
      bins.forEach((n, i) => {
        if (n === 0) return;
        const height = Math.max(2, Math.sqrt(n / most) * (tall - 4));
        svg.append(draw('rect', { class: 'bin', x: i * wide / columns, width: wide / columns - .6, y: tall - height, height }));
        const hit = draw('rect', { class: 'hit', x: i * wide / columns, width: wide / columns, y: 0, height: tall });
        hit.append(draw('title', {}, `${count(n)} between ${time(at(i))} and ${time(at(i + 1))}`));
        svg.append(hit);
      });
      for (const [value, dash] of [[p.p50, ''], [p.p95, '4 2'], [p.p99, '1.5 2']]) {
        if (value === 0) continue;
        const x = place(value) * wide;
        svg.append(draw('line', { x1: x, x2: x, y1: 2, y2: tall, 'stroke-width': 1.5, 'stroke-dasharray': dash }));
      }
      if (zeros > 0 && zeros < p.count) {
        tr.cells[0].querySelector('small').textContent += `; ${count(zeros)} of ${count(p.count)} needed none`;
      }
      tr.cells[1].append(svg);
    }
  }
  distributions();

  // === The table of names ===

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

  // === The page ===

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = byId('theme');
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light')) === 'dark';
  const label = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
  theme.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    label();
  });
  theme.hidden = false;
  dark.addEventListener('change', label);
  label();

  let resized = 0;
  let before = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth === before) return;
    before = innerWidth;
    cancelAnimationFrame(resized);
    resized = requestAnimationFrame(() => drawn.forEach((pane) => pane.reset()));
  });

  // Paper does not scroll: there, the first rows stand below each other.
  const onPaper = 60;
  let restore;
  addEventListener('beforeprint', () => {
    restore = printNames && printNames();
    for (const pane of drawn) {
      pane.space.style.height = `${Math.min(onPaper, pane.rows.length) * pane.height}px`;
      pane.render(onPaper);
    }
  });
  addEventListener('afterprint', () => {
    if (restore) restore();
    drawn.forEach((pane) => pane.reset());
  });
})();
