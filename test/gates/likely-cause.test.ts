import { expect, test } from '@jest/globals'
import { likelyCause, type LikelyCause } from '../../src/gates/likely-cause.ts'
import { type Lab, command, gate, makeLab } from './rig.ts'

type Kind = LikelyCause['kind']

/* What programs say of a machine that lacks something. */
const lines: readonly (readonly [kind: Kind, name: string | null, line: string])[] = [
  ['missing-module', 'requests', "E   ModuleNotFoundError: No module named 'requests'"],
  ['missing-module', 'a.b', "ModuleNotFoundError: No module named 'a.b'; 'a' is not a package"],
  ['missing-module', 'ruff', '/usr/bin/python3: No module named ruff'],
  ['missing-module', 'express', "Error: Cannot find module 'express'"],
  ['missing-module', '@a/b', "    Cannot find module '@a/b' from 'src/x.js'"],
  [
    'missing-module',
    'chalk',
    "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'chalk' imported from /x/a.mjs",
  ],
  ['missing-module', 'x.test/y', 'a.go:3:8: no required module provides package x.test/y; to add it:'],
  ['missing-module', 'serde', 'error: no matching package named `serde` found'],
  ['missing-module', 'serde', "error[E0463]: can't find crate for `serde`"],
  ['missing-module', 'Moose.pm', "Can't locate Moose.pm in @INC (you may need to install the Moose module)"],
  ['missing-gem', 'rspec', "<internal:kernel>:37:in `require': cannot load such file -- rspec (LoadError)"],
  ['missing-gem', 'rake-13.0.6', 'Could not find rake-13.0.6 in locally installed gems'],
  ['missing-gem', 'rake', "Could not find gem 'rake' in any of the gem sources listed in your Gemfile."],
  ['read-only', '/home/u/.cache/x', "OSError: [Errno 30] Read-only file system: '/home/u/.cache/x'"],
  ['read-only', '/home/u/.x', "Error: EROFS: read-only file system, open '/home/u/.x'"],
  [
    'read-only',
    '/home/u/.cache/go-build',
    'failed to initialize build cache at /home/u/.cache/go-build: mkdir /home/u/.cache/go-build: read-only file system',
  ],
  ['read-only', '/x/y', 'mkdir: cannot create directory ‘/x/y’: Read-only file system'],
  ['read-only', '/x', 'sh: 1: cannot create /x: Read-only file system'],
  ['no-dns', 'registry.example', 'Error: getaddrinfo EAI_AGAIN registry.example'],
  ['no-dns', 'example.org', 'curl: (6) Could not resolve host: example.org'],
  ['no-dns', 'proxy.example', 'dial tcp: lookup proxy.example: no such host'],
  ['no-dns', null, 'socket.gaierror: [Errno -3] Temporary failure in name resolution'],
  ['no-loopback', '127.0.0.1', 'Error: listen EPERM: operation not permitted 127.0.0.1'],
  ['no-loopback', '0.0.0.0:3000', 'Error: listen EPERM: operation not permitted 0.0.0.0:3000'],
  ['no-loopback', '127.0.0.1:0', 'panic: listen tcp 127.0.0.1:0: socket: operation not permitted'],
  ['missing-program', 'ruff', 'sh: 1: ruff: not found'],
  ['missing-program', 'ruff', 'bash: line 1: ruff: command not found'],
  ['missing-program', 'jq', 'Error: spawn jq ENOENT'],
  ['missing-program', 'gcc', 'exec: "gcc": executable file not found in $PATH'],
  ['missing-program', 'ruff', 'make: ruff: No such file or directory'],
]

test.each(lines)('%s %s: %s', (kind, name, line) => {
  const output = `something before\n${line}\nand a last line\n`
  expect(likelyCause(output, 1, [])).toEqual({ kind, name, own: false })
})

test.each([
  'AssertionError: 1 is not 2',
  "Error: Cannot find module './missing.js'",
  "Error: Cannot find module '/x/src/missing.js'",
  'the page is not found here',
  `x: not found${' '.repeat(2_000)}y`,
  '',
])('nothing is guessed from %j', (output) => {
  expect(likelyCause(output, 1, [])).toBeNull()
})

test("a program is the gate's own only where the shell or the interpreter says so of a word of the gate", () => {
  const own = (line: string, code: number, ...words: string[]): boolean | undefined =>
    likelyCause(line, code, [words])?.own
  expect(own('sh: 1: ruff: not found', 127, 'ruff', 'check')).toBe(true)
  expect(own('sh: 1: ruff: not found', 1, 'ruff', 'check')).toBe(false)
  expect(own('sh: 1: other: not found', 127, 'ruff', 'check')).toBe(false)
  expect(own('/usr/bin/python3: No module named ruff', 1, 'python3', '-m', 'ruff')).toBe(true)
  expect(own('/usr/bin/python3: No module named ruff', 1, 'python3', 'x.py')).toBe(false)
  expect(own("ModuleNotFoundError: No module named 'ruff'", 1, 'python3', '-m', 'ruff')).toBe(false)
})

test('a real gate has the cause beside its failure, and none in format version 1', async () => {
  const lab: Lab = makeLab()
  const run = async (argv: readonly string[], network: false | 'loopback') =>
    (await gate(lab, command('gate', argv, { network }))).outcome
  const shell = ['sh', '-c', 'no-such-tool --check']
  const failed = { kind: 'failed', cause: 'exit', exitCode: 127, signal: null }
  expect(await run(shell, 'loopback')).toEqual({
    ...failed,
    likely: { kind: 'missing-program', name: 'no-such-tool', own: true },
  })
  expect(await run(shell, false)).toEqual(failed)
  expect(await run(['node', '-e', "require('nobody-has-this')"], 'loopback')).toMatchObject({
    likely: { kind: 'missing-module', name: 'nobody-has-this', own: false },
  })
  lab.remove()
})
