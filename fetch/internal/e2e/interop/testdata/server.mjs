// A server of HTTP/2, which may hold 100 MB of bodies per connection. On SIGHUP it sends GOAWAY on each connection. With
// the folder of the package @currentspace/http3 it is one of HTTP/3, which closes its connections on SIGTERM. It logs a
// line for each request.
import { openSync, readFileSync, writeSync } from 'node:fs';
import * as http2 from 'node:http2';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const [port, dir, streams, folder] = process.argv.slice(2);
const log = openSync(`${dir}/access.log`, 'a');
const pem = readFileSync(`${dir}/server.pem`);
const server = folder
  ? createRequire(`${folder}/`)('@currentspace/http3').createSecureServer({ cert: pem, key: pem, disableRetry: true, initialMaxStreamsBidi: Number(streams) })
  : http2.createSecureServer({ cert: pem, key: pem, maxSessionMemory: 100, settings: { maxConcurrentStreams: Number(streams) } });

process.on('SIGTERM', () => server.close(() => process.exit()));

const sessions = new Set();
server.on('session', (session) => {
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
  session.on('error', () => {});
});
process.on('SIGHUP', () => sessions.forEach((session) => session.close()));

server.on('stream', (stream, headers) => {
  const path = headers[':path'];
  writeSync(log, `request ${path}\n`);
  stream.on('error', () => {});
  const [, page, arg] = path.split('/');
  const answer = (body, more = {}, status = 200) => {
    if (stream.destroyed) return;
    stream.respond({ ':status': `${status}`, 'content-length': `${body.length}`, ...more }, { endStream: status === 204 });
    if (status !== 204) stream.end(headers[':method'] === 'HEAD' ? undefined : body);
  };
  switch (page) {
    case 'size':
      return answer(readFileSync(`${dir}/size/${arg}`));
    case 'slow':
      return setTimeout(() => answer(readFileSync(`${dir}/size/1024`)), 5);
    case 'status':
      return stream.destroyed || stream.respond({ ':status': arg }, { endStream: true });
    case 'redirect':
      return answer(Buffer.alloc(0), { location: '/size/1' }, 302);
    case 'gzip':
      return answer(gzipSync(readFileSync(`${dir}/size/102400`)), { 'content-encoding': 'gzip' });
    case 'headers': {
      const more = { 'x-long': 'x'.repeat(8192) };
      for (let i = 0; i < 50; i++) more[`x-header-${i}`] = 'v'.repeat(40) + i;
      return answer(Buffer.from('headers'), more);
    }
    case 'echo': {
      const parts = [];
      stream.on('data', (part) => parts.push(part));
      return stream.on('end', () => answer(Buffer.concat(parts)));
    }
    default:
      return answer(Buffer.alloc(0), {}, 404);
  }
});
server.listen(Number(port), '127.0.0.1');
