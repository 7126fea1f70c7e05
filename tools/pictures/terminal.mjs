// Draws text as a terminal shows it, as an SVG. Browsers differ in their monospace fonts, so each run of characters is
// stretched to its columns.

const column = 8; // px
const line = 19;
const margin = 18;
const bar = 34; // the bar with the three buttons

const colours = { back: '#0d1117', frame: '#30363d', plain: '#c9d1d9', dim: '#8b949e', title: '#ffffff', slow: '#f0883e', fast: '#3fb950' };

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

// parts splits a line into runs of characters of one colour, with the column of each.
function* parts(text, section) {
  if (text !== text.trimStart() && text.trim()) {
    for (const { 0: word, index } of text.matchAll(/\S+(?: \S+)*/g)) {
      const colour = /^\*+$/.test(word.split(' ').at(-1)) ? section : word.startsWith('http') ? colours.plain : colours.title;
      const [, figure, stars] = /^(.*?) ?(\**)$/.exec(word);
      if (figure) yield { text: figure, at: index, colour: stars ? colours.title : colour };
      if (stars) yield { text: stars, at: index + word.length - stars.length, colour: section };
    }
    return;
  }
  if (text.trim()) yield { text, at: 0, colour: text.startsWith('$') ? colours.dim : colours.title };
}

// terminal returns an SVG of a command and what it printed.
export function terminal(command, printed, title) {
  const lines = [`$ ${command}`, '', ...printed.trimEnd().split('\n')];
  const columns = Math.max(...lines.map((text) => text.length));
  const width = columns * column + 2 * margin;
  const height = lines.length * line + margin + bar;
  let section = colours.slow;
  const texts = lines.flatMap((text, i) => {
    if (text.startsWith('concurrent,')) section = colours.fast;
    const y = bar + (i + 1) * line - 4;
    return [...parts(text, section)].map((part) => {
      const [x, length] = [margin + part.at * column, part.text.length * column];
      return `<text x="${x}" y="${y}" fill="${part.colour}" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escape(part.text)}</text>`;
    });
  });
  const buttons = ['#ff5f56', '#ffbd2e', '#27c93f'].map((fill, i) => `<circle cx="${margin + 4 + 18 * i}" cy="17" r="5.5" fill="${fill}"/>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${colours.back}" stroke="${colours.frame}"/>`,
    ...buttons,
    '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'Liberation Mono\', monospace" font-size="13" xml:space="preserve">',
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
