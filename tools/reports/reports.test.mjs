// All tests of the reports, in one process: they are about the same files.

import { write } from './samples.mjs';

write();
await import('./formats.mjs');
await import('./forms.mjs');
await import('./lines.mjs');
await import('./replay.mjs');
await import('./viewer.mjs');
await import('./browser.mjs');
await import('./finding.mjs');
await import('./visits.mjs');
await import('./overtime.mjs');
