import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { gateWords } from '../../src/gates/gate-words.ts'
import { stepArgv } from '../../src/gates/step-argv.ts'
import { ZeroTests } from '../../src/gates/zero-tests.ts'
import { projectRoot } from '../rig/root.ts'
import { type Lab, command, gate, makeLab } from './rig.ts'

let lab: Lab
beforeAll(() => {
  lab = makeLab()
})
afterAll(() => lab.remove())

const none = { kind: 'failed', cause: 'zero-tests', exitCode: 0, signal: null }
const write = (file: string, text: string): void => {
  const at = path.join(lab.root, file)
  fs.mkdirSync(path.dirname(at), { recursive: true })
  fs.writeFileSync(at, text)
}
const jest = (dir: string): string[] => [
  process.execPath,
  path.join(projectRoot, 'node_modules/jest/bin/jest.js'),
  '--passWithNoTests',
  '--rootDir',
  dir,
]

test('a real runner that finds nothing to run has not passed, unless format version 1 asks for exit code 0 alone', async () => {
  write('empty/package.json', '{"scripts": {"test": "npm run unit", "unit": "CI=1 node --test"}}')
  write('full/package.json', '{"scripts": {"test": "node --test"}}')
  write('full/test/a.test.js', "require('node:test')('a', () => {})")
  const run = async (argv: readonly string[], cwd: string, network: false | 'loopback' = 'loopback') =>
    (await gate(lab, command('gate', argv, { network, cwd }))).outcome
  expect(await run(['node', '--test'], 'empty')).toEqual(none)
  expect(await run(['npm', 'test'], 'empty')).toEqual(none)
  expect(await run(['sh', '-c', 'true && node --test'], 'empty')).toEqual(none)
  expect(await run(['npm', 'test'], 'empty', false)).toEqual({ kind: 'passed' })
  expect(await run(['npm', 'test'], 'full')).toEqual({ kind: 'passed' })
  expect(await run(jest('.'), 'empty')).toEqual(none)
  const step = { kind: 'script', text: 'CI=1 node --test', call: ['npm', 'run', 'unit'] } as const
  const words = stepArgv({ ...step, as: null, label: 'unit', cwd: '.' })
  expect(await run(words, 'empty')).toEqual(none)
  // No test runner is what ran: what it prints is its own affair.
  expect(await run(['sh', '-c', 'echo "ℹ tests 0"'], 'empty')).toEqual({ kind: 'passed' })
})

test('a runner whose summary stands far before the end of a long output is heard', async () => {
  const words = `node --test && node -e "console.log('x'.repeat(99999) + '\\n'.repeat(9999))"`
  const { outcome } = await gate(
    lab,
    command('gate', ['sh', '-c', words], { network: 'loopback', cwd: 'empty' }),
  )
  expect(outcome).toEqual(none)
})

/* Lines as these programs print them; seen at: go 1.19, ctest 3.25, cargo 1.8x, Python 3.11, PHPUnit 9.6, RSpec 3.12, mocha 11, vitest 4, node 20. */
const go = ['go', 'test', './...']
const cargo = ['cargo', 'test']
const table: readonly (readonly [argv: readonly string[], ranNone: boolean, output: string])[] = [
  [['ctest', '--test-dir', 'build'], true, 'Test project /x/build\nNo tests were found!!!\n'],
  [
    ['ctest'],
    false,
    '1/1 Test #1: t ....   Passed    0.00 sec\n\n100% tests passed, 0 tests failed out of 1\n',
  ],
  [go, true, '?   \tx.test/m/a\t[no test files]\n?   \tx.test/m/b\t[no test files]\n'],
  [go, true, '?   \tx.test/m/a\t[no test files]\nok  \tx.test/m/b\t0.006s [no tests to run]\n'],
  [go, false, '?   \tx.test/m/a\t[no test files]\nok  \tx.test/m/b\t0.005s\n'],
  [go, false, '?   \tx.test/m/a\t[no test files]\nok  \tx.test/m/b\t(cached)\n'],
  [['golangci-lint', 'run'], false, '?   \tx.test/m/a\t[no test files]\n'],
  [cargo, true, '\nrunning 0 tests\n\ntest result: ok. 0 passed\n\n   Doc-tests x\n\nrunning 0 tests\n'],
  [cargo, false, 'running 5 tests\ntest result: ok. 5 passed\n\n   Doc-tests x\n\nrunning 0 tests\n'],
  [['cargo', 'build'], false, 'running 0 tests\n'],
  [['python3', '-m', 'unittest'], true, `\n${'-'.repeat(70)}\nRan 0 tests in 0.000s\n\nOK\n`],
  [['python3', '-m', 'unittest'], false, '.\nRan 1 test in 0.000s\n\nOK\n'],
  [['vendor/bin/phpunit', 'tests'], true, 'PHPUnit 9.6.7 by Sebastian Bergmann.\n\nNo tests executed!\n'],
  [['phpunit', 'tests'], false, '.   1 / 1 (100%)\n\nOK (1 test, 1 assertion)\n'],
  [['bundle', 'exec', 'rspec'], true, 'No examples found.\n\n0 examples, 0 failures\n'],
  [['rspec'], false, '.\n\n1 example, 0 failures\n'],
  [['npx', 'mocha'], true, '\n\n  0 passing (1ms)\n\n'],
  [['npx', 'mocha'], false, '\n  \u001B[32m✔\u001B[0m x\n\n  \u001B[32m1 passing\u001B[0m (2ms)\n'],
  [['npx', 'mocha'], false, '\n  0 passing (1ms)\n  2 pending\n'],
  [['npx', 'vitest', 'run'], true, '\n RUN  v4.1.12 /x\n\nNo test files found, exiting with code 0\n'],
  [['npx', 'vitest', 'run'], false, ' Test Files  1 passed (1)\n      Tests  1 passed (1)\n'],
  [['node', '--test'], true, '\u001B[34mℹ tests 0\u001B[39m\n'],
  [['node', '--test'], false, 'ok 1 - nested\n# # tests 0\n# tests 1\n'],
  // Documented, not run here.
  [
    ['dotnet', 'test'],
    true,
    'No test is available in /x/bin/x.dll. Make sure that the test discoverer is there.\n',
  ],
  [
    ['dotnet', 'test'],
    false,
    'No test is available in /x.dll\nPassed!  - Failed: 0, Passed: 3, Skipped: 0, Total: 3\n',
  ],
  // Two runners: one of them tested something.
  [['sh', '-c', 'node --test && cargo test'], false, '# tests 0\nrunning 2 tests\n'],
  [['sh', '-c', 'node --test; mocha'], true, '# tests 0\n\n  0 passing (1ms)\n'],
]

test.each(table)('%j ran none: %s', (argv, ranNone, output) => {
  // However the output is cut into pieces.
  for (const size of [1, 7, 4096]) {
    const tests = new ZeroTests(gateWords(argv, lab.root))
    const bytes = Buffer.from(output)
    for (let at = 0; at < bytes.length; at += size) tests.push(bytes.subarray(at, at + size))
    expect(tests.ranNone()).toBe(ranNone)
  }
})
