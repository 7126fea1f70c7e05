// Makes the charts over time ones to point at and to zoom. Go has drawn them: this shows a part of what it drew.

// drawTime draws the charts for the width that there is. There is none without charts.
let drawTime = null;

function overTime() {
  const t = data.time;
  const section = byId('time');
  if (!t || !section) return;
  const whole = t.width * t.steps;
  const when = (us) => moment(us, whole);
  const narrowest = Math.max(3, Math.min(10, t.steps));
  const zoom = { from: 0, to: t.steps };
  let cursor = -1;

  // text is a value of a chart in words.
  const said = (chart, value) =>
    chart.unit === 'time'
      ? time(value)
      : chart.unit === 'rate'
        ? `${rate(value)}/s`
        : count(Math.round(value * 10) / 10);
  const rate = (value) => (value < 10 ? value.toFixed(1) : count(Math.round(value)));

  const charts = t.charts.map((chart) => {
    const figure = section.querySelector(`[data-chart=${chart.id}]`);
    const plot = figure.querySelector('.plot');
    const line = make('i', { class: 'cursor', hidden: true });
    const bubble = make('span', { class: 'bubble', hidden: true });
    const chosen = make('i', { class: 'chosen', hidden: true });
    plot.append(chosen, line, bubble);
    const sums = chart.stacked
      ? chart.lines[0].values.map((_, i) => chart.lines.reduce((sum, l) => sum + l.values[i], 0))
      : null;
    const most = (from, to) => {
      let max = 0;
      for (const values of sums ? [sums] : chart.lines.map((l) => l.values))
        for (let i = from; i < to; i++) max = Math.max(max, values[i]);
      return max || chart.max;
    };
    return {
      chart,
      figure,
      plot,
      line,
      bubble,
      chosen,
      most,
      curves: figure.querySelector('.curves'),
      grid: figure.querySelector('.grid'),
      outputs: [...figure.querySelectorAll('output')],
      summary: plot.getAttribute('aria-label'),
    };
  });
  const width = (plot) => plot.getBoundingClientRect().width || 600;

  // ruled draws the lines and the labels of a chart: ys and xs are [place in percent, label].
  function ruled(grid, ys, xs, worse) {
    grid.replaceChildren(
      ...worse,
      ...ys.flatMap(([at, label]) => [
        draw('line', { x1: 0, x2: '100%', y1: `${at}%`, y2: `${at}%` }),
        draw('text', { x: 0, dx: -6, y: `${at}%`, dy: '.32em', 'text-anchor': 'end' }, label),
      ]),
      ...xs.flatMap(([at, label]) => [
        draw('line', { x1: `${at}%`, x2: `${at}%`, y1: 0, y2: '100%' }),
        draw('text', { x: `${at}%`, y: '100%', dy: '1.25em', 'text-anchor': at > 96 ? 'end' : 'middle' }, label),
      ]),
    );
  }

  drawTime = () => {
    const { from, to } = zoom;
    const steps = to - from;
    const start = from * t.width;
    const length = steps * t.width;
    for (const c of charts) {
      const max = c.most(from, to);
      const tall = (10000 * max) / c.chart.max;
      c.curves.setAttribute('viewBox', `${2 * from} ${10000 - tall * 1.03} ${2 * steps} ${tall * 1.03}`);
      const step = timeStep(length, Math.max(2, Math.min(8, width(c.plot) / 90)));
      const xs = [];
      for (let at = Math.ceil(start / step - 1e-9) * step; at <= start + length + 1; at += step)
        xs.push([((at - start) / length) * 100, when(Math.round(at))]);
      const ys = ticks(max, 3).map((at) => [
        100 - (at / max / 1.03) * 100,
        c.chart.unit === 'time' ? tick(at, max) : count(Number(at.toPrecision(6))),
      ]);
      const worse = c.chart.worse
        .map(([a, b]) => [Math.max(a, from), Math.min(b, to)])
        .filter(([a, b]) => a < b)
        .map(([a, b]) =>
          draw('rect', {
            class: 'worse',
            x: `${((a - from) / steps) * 100}%`,
            width: `${((b - a) / steps) * 100}%`,
            y: 0,
            height: '100%',
          }),
        );
      ruled(c.grid, ys, xs, worse);
    }
    scatter();
    point(-1);
  };

  // scatter shows the results that ended in the time that is looked at.
  function scatter() {
    const figure = section.querySelector('[data-chart=scatter]');
    const s = t.scatter;
    if (!figure || !s) return;
    const place = (us) => (s.log ? Math.log(Math.max(us, s.low) / s.low) / Math.log(s.high / s.low) : us / s.high);
    const [answered, failed] = ['', ''].map(() => []);
    for (const [at, took, flying, bad] of t.points) {
      if (at < zoom.from * t.width || at > zoom.to * t.width) continue;
      (bad ? failed : answered).push(
        `M${Math.round((flying / s.most) * 10000)} ${10000 - Math.round(place(took) * 10000)}h0`,
      );
    }
    figure.querySelector('path.answered').setAttribute('d', answered.join(''));
    figure.querySelector('path.unanswered').setAttribute('d', failed.join(''));
  }

  // point shows the values of a step in all charts.
  function point(step) {
    cursor = step;
    for (const c of charts) {
      const shown = step >= zoom.from && step < zoom.to;
      c.line.hidden = !shown;
      c.bubble.hidden = !shown;
      c.outputs.forEach((output, i) => {
        output.textContent = shown ? said(c.chart, c.chart.lines[i].values[step]) : '';
      });
      if (!shown) continue;
      const share = (step + 0.5 - zoom.from) / (zoom.to - zoom.from);
      c.line.style.left = `${share * 100}%`;
      c.bubble.textContent = when(Math.round(step * t.width));
      c.bubble.style.left = `${share * 100}%`;
      c.bubble.classList.toggle('left', share > 0.85);
    }
    const values = (c) => c.chart.lines.map((l) => `${l.name} ${said(c.chart, l.values[step])}`).join(', ');
    for (const c of charts) {
      c.plot.setAttribute('aria-valuenow', String(Math.max(step, 0)));
      c.plot.setAttribute('aria-valuetext', step < 0 ? c.summary : `${when(Math.round(step * t.width))}: ${values(c)}`);
    }
  }

  // look shows a part of the time, in steps, and keeps it in the address.
  function look(from, to, keep = true) {
    let [a, b] = [Math.max(0, Math.floor(from)), Math.min(t.steps, Math.ceil(to))];
    if (b - a < narrowest) {
      a = Math.max(0, Math.min(a, t.steps - narrowest));
      b = Math.min(t.steps, a + narrowest);
    }
    [zoom.from, zoom.to] = [a, b];
    first.value = a;
    last.value = b;
    const isWhole = a === 0 && b === t.steps;
    reset.hidden = isWhole;
    shown.textContent = isWhole ? `the whole ${when(whole)}` : `${when(a * t.width)} to ${when(b * t.width)}`;
    first.setAttribute('aria-valuetext', when(a * t.width));
    last.setAttribute('aria-valuetext', when(b * t.width));
    band.style.left = `${(a / t.steps) * 100}%`;
    band.style.right = `${100 - (b / t.steps) * 100}%`;
    const s = (steps) => String(Number(((steps * t.width) / 1e6).toFixed(3)));
    if (keep) link('time', isWhole ? '' : `${s(a)}-${s(b)}`);
    drawTime();
  }

  // The control of what is looked at: for fingers and keys, which cannot draw a frame.
  const range = (label, value) =>
    make('input', {
      type: 'range',
      min: '0',
      max: String(t.steps),
      step: '1',
      value: String(value),
      'aria-label': label,
    });
  const first = range('From', 0);
  const last = range('To', t.steps);
  const band = make('i', { class: 'band' });
  const shown = make('output', { class: 'quiet' });
  const reset = button('Whole test', () => look(0, t.steps), { class: 'tool small' });
  first.addEventListener('input', () => look(Math.min(first.valueAsNumber, zoom.to - narrowest), zoom.to));
  last.addEventListener('input', () => look(zoom.from, Math.max(last.valueAsNumber, zoom.from + narrowest)));
  byId('zoom').append(
    make('div', { class: 'zoom' }, make('span', { class: 'range' }, band, first, last), shown, reset),
  );

  const stepAt = (plot, x) => {
    const box = plot.getBoundingClientRect();
    const share = Math.min(Math.max((x - box.left) / box.width, 0), 1);
    return zoom.from + share * (zoom.to - zoom.from);
  };
  const inside = (step) => Math.min(zoom.to - 1, Math.floor(step));
  for (const c of charts) {
    const { plot } = c;
    for (const [name, value] of [
      ['role', 'slider'],
      ['tabindex', '0'],
      ['aria-valuemin', '0'],
      ['aria-valuemax', String(t.steps - 1)],
      ['aria-label', `${c.chart.title} over time`],
    ])
      plot.setAttribute(name, value);
    let down = null;
    const fingers = new Map();
    let pinch = null;
    const end = (e) => {
      fingers.delete(e.pointerId);
      if (fingers.size < 2) pinch = null;
      if (down !== null && e.type === 'pointerup') {
        const [a, b] = [down, stepAt(plot, e.clientX)].sort((x, y) => x - y);
        const far = ((b - a) / (zoom.to - zoom.from)) * width(plot) > 6;
        if (far) look(a, b);
      }
      down = null;
      for (const other of charts) other.chosen.hidden = true;
    };
    plot.addEventListener('pointerdown', (e) => {
      if (e.pointerType === 'touch') {
        fingers.set(e.pointerId, e.clientX);
        point(inside(stepAt(plot, e.clientX)));
        if (fingers.size === 2) pinch = [...fingers.values()].map((x) => stepAt(plot, x)).sort((a, b) => a - b);
      } else if (e.button === 0) {
        down = stepAt(plot, e.clientX);
        plot.setPointerCapture(e.pointerId);
      }
    });
    plot.addEventListener('pointermove', (e) => {
      if (fingers.has(e.pointerId)) fingers.set(e.pointerId, e.clientX);
      if (pinch) {
        // What was between the fingers stays between them.
        const box = plot.getBoundingClientRect();
        const [x1, x2] = [...fingers.values()].sort((a, b) => a - b).map((x) => (x - box.left) / box.width);
        if (x2 - x1 > 0.02) {
          const steps = Math.min(t.steps, Math.max(narrowest, (pinch[1] - pinch[0]) / (x2 - x1)));
          const from = Math.min(Math.max(0, pinch[0] - x1 * steps), t.steps - steps);
          look(Math.round(from), Math.round(from + steps));
        }
        return;
      }
      const at = stepAt(plot, e.clientX);
      point(inside(at));
      if (down === null) return;
      for (const other of charts) {
        other.chosen.hidden = false;
        const share = (step) => ((step - zoom.from) / (zoom.to - zoom.from)) * 100;
        other.chosen.style.left = `${share(Math.min(down, at))}%`;
        other.chosen.style.width = `${Math.abs(share(at) - share(down))}%`;
      }
    });
    plot.addEventListener('pointerup', end);
    plot.addEventListener('pointercancel', end);
    plot.addEventListener('pointerleave', (e) => {
      if (down === null && e.pointerType !== 'touch') point(-1);
    });
    plot.addEventListener('dblclick', () => look(0, t.steps));
    plot.addEventListener('blur', () => point(-1));
    plot.addEventListener('keydown', (e) => {
      if (e.ctrlKey || e.altKey || e.metaKey) return;
      const at = cursor < 0 ? zoom.from - 1 : cursor;
      const moves = {
        ArrowRight: at + 1,
        ArrowUp: at + 1,
        ArrowLeft: at - 1,
        ArrowDown: at - 1,
        PageUp: at + 10,
        PageDown: at - 10,
        Home: zoom.from,
        End: zoom.to - 1,
      };
      if (e.key in moves) point(Math.min(Math.max(zoom.from, moves[e.key]), zoom.to - 1));
      else if (e.key === '+' || e.key === '-') {
        const half = (zoom.to - zoom.from) * (e.key === '+' ? 0.25 : 1);
        const middle = cursor < 0 ? (zoom.from + zoom.to) / 2 : cursor + 0.5;
        look(middle - half, middle + half);
        point(inside(middle));
      } else if (e.key === 'Escape') look(0, t.steps);
      else return;
      e.preventDefault();
    });
  }

  byId('time-tools').append(
    csvTools('over-time', () => [
      [
        'from_s',
        ...t.charts.flatMap((chart) =>
          chart.lines.map((l) =>
            chart.unit === 'time'
              ? `${l.name}_ms`
              : chart.id === 'failures'
                ? `failed: ${l.name}`
                : chart.unit === 'rate'
                  ? 'urls_per_s'
                  : l.name.replaceAll(' ', '_'),
          ),
        ),
      ],
      ...Array.from({ length: t.steps }, (_, i) => [
        (i * t.width) / 1e6,
        ...t.charts.flatMap((chart) => chart.lines.map((l) => (chart.unit === 'time' ? ms(l.values[i]) : l.values[i]))),
      ]),
    ]),
  );

  follow(() => {
    const wanted = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/u.exec(linked.get('time') ?? '');
    let [from, to] = wanted ? [(wanted[1] * 1e6) / t.width, (wanted[2] * 1e6) / t.width] : [0, t.steps];
    if (from >= to || from >= t.steps) [from, to] = [0, t.steps];
    look(Math.round(from * 1e3) / 1e3, Math.round(to * 1e3) / 1e3, false);
    if (wanted && !linked.get('filter') && !linked.get('name')) section.scrollIntoView();
  });
}
overTime();
