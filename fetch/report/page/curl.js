// Writes a result's request as a command of curl.

// shell quotes a text for a POSIX shell.
const shell = (text) => (/^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

// Headers that curl writes by itself, from what it is told.
const itself = ['host', 'content-length', 'connection', 'transfer-encoding', 'accept-encoding'];

function curl(row) {
  const detail = data.details[row[DETAIL] - 1];
  const first = detail?.redirects.length ? data.texts[detail.redirects[0][0]] : text(row, URL);
  const method = text(row, METHOD);
  const command = ['curl'];
  if (method === 'HEAD') command.push('--head');
  else if (method !== 'GET') command.push(`--request ${shell(method)}`);
  if (detail?.redirects.length) command.push('--location');
  if (/[[\]{}]/u.test(first)) command.push('--globoff');
  const sent = detail?.sent ?? [];
  for (let i = 0; i < sent.length; i += 2) {
    const [name, value] = [data.texts[sent[i]], data.texts[sent[i + 1]]];
    if (name.toLowerCase() === 'accept-encoding') command.push('--compressed');
    if (!itself.includes(name.toLowerCase()))
      command.push(`--header ${shell(value ? `${name}: ${value}` : `${name};`)}`);
  }
  if (detail?.body) command.push('--data-binary @body');
  command.push(`--url ${shell(first)}`);
  return `${command.join(' \\\n  ')}${detail?.body ? ` # body: ${count(detail.body)} bytes, which the report does not keep` : ''}`;
}
