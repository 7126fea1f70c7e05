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
