// Says figures in words.

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
const inURLs = (n) => `${count(n)} ${n === 1 ? 'URL' : 'URLs'}`;

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
const parts = [
  'queued',
  'earlier',
  'blocked',
  'looking_up',
  'connecting',
  'tls_handshaking',
  'sending',
  'waiting',
  'receiving',
];
const words = {
  queued: 'queued',
  earlier: 'redirects and retries',
  blocked: 'blocked',
  looking_up: 'looking up',
  connecting: 'connecting',
  tls_handshaking: 'TLS handshake',
  sending: 'sending',
  waiting: 'waiting',
  receiving: 'receiving',
};
const states = ['not_run', 'done', 'failed'];

// ticks are round numbers from 0 to the longest, about as many as wanted.
function ticks(longest, wanted) {
  if (!(longest > 0)) return [0];
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

// moment is a time of a test that takes as long as whole, in a few letters.
function moment(us, whole = us) {
  const s = us / 1e6;
  const two = (n) => String(Math.floor(n + 1e-6)).padStart(2, '0');
  if (us === 0) return '0 s';
  if (whole < 120e6) return `${Number(s.toFixed(3))} s`;
  if (whole < 3600e6) return `${Math.floor(s / 60 + 1e-6)}:${two(s % 60)} min`;
  return `${Math.floor(s / 3600)}:${two((s % 3600) / 60)} h`;
}

// timeStep is a round time, so that there are about as many steps as wanted.
function timeStep(length, wanted) {
  const round = [30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400]
    .map((s) => s * 1e6)
    .find((s) => length / s <= wanted);
  return (length >= 120e6 && round) || ticks(length, wanted)[1] || length;
}
