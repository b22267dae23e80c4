/** JavaScript that prints what the process of a service may do in its container. */
export const printPrivileges = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const write = (path) => { try { writeFileSync(path, ''); return 'written'; } catch ({ code }) { return code; } };
  const status = readFileSync('/proc/self/status', 'utf8');
  console.log(JSON.stringify({
    uid: process.getuid(),
    capabilities: /CapBnd:\\s+(\\w+)/.exec(status)[1],
    noNewPrivileges: /NoNewPrivs:\\s+(\\d)/.exec(status)[1],
    source: write('src/main.ts'), root: write('/x'), temporary: write('/tmp/x'),
  }))`;

/** What it prints in a container without privileges whose files are read-only. */
export const noPrivileges = {
  uid: 1000,
  // Of the bounding set. The effective ones of this user are always empty.
  capabilities: '0000000000000000',
  noNewPrivileges: '1',
  // EACCES would only mean that the files belong to another user.
  source: 'EROFS',
  root: 'EROFS',
  temporary: 'written',
};
