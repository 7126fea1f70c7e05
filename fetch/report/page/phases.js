// Draws how the times of each phase are distributed.

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
    if (share - last < gap || share > 0.97) continue;
    last = share;
    const label = make(
      'span',
      {},
      decade >= 1e6 ? `${decade / 1e6} s` : decade >= 1e3 ? `${decade / 1e3} ms` : `${decade} µs`,
    );
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
    const svg = draw('svg', {
      viewBox: `0 0 ${wide} ${tall}`,
      preserveAspectRatio: 'none',
      class: tr.dataset.phase,
      role: 'img',
    });
    svg.setAttribute(
      'aria-label',
      `${tr.cells[0].firstChild.nextSibling.textContent}: ${count(p.count - zeros)} of ${count(p.count)} above 0`,
    );
    svg.append(draw('line', { x1: 0, x2: wide, y1: tall, y2: tall, class: 'base' }));
    bins.forEach((n, i) => {
      if (n === 0) return;
      const height = Math.max(2, Math.sqrt(n / most) * (tall - 4));
      svg.append(
        draw('rect', { class: 'bin', x: (i * wide) / columns, width: wide / columns - 0.6, y: tall - height, height }),
      );
      const hit = draw('rect', { class: 'hit', x: (i * wide) / columns, width: wide / columns, y: 0, height: tall });
      hit.append(draw('title', {}, `${count(n)} between ${time(at(i))} and ${time(at(i + 1))}`));
      svg.append(hit);
    });
    for (const [value, dash] of [
      [p.p50, ''],
      [p.p95, '4 2'],
      [p.p99, '1.5 2'],
    ]) {
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
