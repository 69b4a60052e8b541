import { expect, test } from '@jest/globals'
import { ownStderr, whyFailed } from '../../src/codex/own-words.ts'

test.each<[name: string, stderr: string, words: string]>([
  ['nothing', '', ''],
  [
    'plain words',
    'bwrap: No permissions to create new namespace\n',
    'bwrap: No permissions to create new namespace',
  ],
  [
    'an error that nobody caught in Node',
    `file:///usr/lib/node_modules/@openai/codex/bin/codex.js:100
    throw new Error(
          ^

Error: Missing optional dependency @openai/codex-linux-x64. Reinstall Codex
    at file:///usr/lib/node_modules/@openai/codex/bin/codex.js:100:11
    at ModuleJob.run (node:internal/modules/esm/module_job:343:25)

Node.js v20.20.2
`,
    'Missing optional dependency @openai/codex-linux-x64. Reinstall Codex',
  ],
  [
    'one with members',
    `node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module '/x.js'
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15) {
  code: 'MODULE_NOT_FOUND',
  requireStack: []
}

Node.js v20.20.2
`,
    "Cannot find module '/x.js'",
  ],
  [
    'a panic',
    `thread 'main' panicked at core/src/config.rs:10:5:
no home directory
stack backtrace:
   0: rust_begin_unwind
             at /rustc/0/library/std/src/panicking.rs:697:5
   1: codex_core::config::load
   2: 0x55d0c3e0 - main
note: run with \`RUST_BACKTRACE=1\` environment variable to display a backtrace
`,
    'no home directory',
  ],
  [
    'a report with causes and a place',
    `Error: failed to load config

Caused by:
    0: while reading config.toml
    1: permission denied

Location:
    cli/src/main.rs:55:10
`,
    'Caused by:\n0: while reading config.toml\n1: permission denied',
  ],
  [
    'a log in colours',
    '\u001b[2m2026-01-31T12:00:00.123456Z\u001b[0m \u001b[31mERROR\u001b[0m codex_app_server::main: no such table: threads\n',
    'no such table: threads',
  ],
])('%s', (_name, stderr, words) => {
  expect(ownStderr(stderr)).toBe(words)
})

test('a program that cannot be started is told in the words of the system', () => {
  expect(
    whyFailed({ error: Object.assign(new Error('spawnSync /x EACCES'), { errno: -13, code: 'EACCES' }) }),
  ).toBe('permission denied')
  expect(whyFailed({ stderr: 'no\n' })).toBe('no')
})
