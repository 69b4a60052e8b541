import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Installed } from '../rig/installed.ts'
import { config, play } from './lab.ts'
import { long, sampleOf } from '../rig/long.ts'

/** Runs the tests that `checks.json` names, after a setup file beside them where there is one. */
const runner = `const fs = require('node:fs')
if (!fs.existsSync('test')) process.exit(0)
if (fs.existsSync('test/setup.js')) require('../test/setup.js')
const wanted = JSON.parse(fs.readFileSync('checks.json', 'utf8')).run
for (const name of fs.readdirSync('test')) if (wanted.includes('all') && name !== 'setup.js') require('../test/' + name)
`
const files = {
  [config]: JSON.stringify({
    version: 2,
    commands: { test: { argv: ['node', 'scripts/run.js'], network: 'loopback', tests: 'start' } },
    gateProfiles: { fast: [], default: [], final: ['test'] },
    policy: { verify: 'clean-room' },
  }),
  'scripts/run.js': runner,
  'checks.json': '{"run": ["all"]}\n',
  'src/add.js': 'exports.add = (a, b) => a + b\n',
  'src/two.js': 'exports.two = 2\n',
  'test/add.js': "require('node:assert').equal(require('../src/add.js').add(1, 2), 3)\n",
}

const broken = "echo 'exports.add = (a, b) => a - b' > src/add.js"
const mended = "echo 'exports.add = (a, b) => b + a' > src/add.js"
const weaker = "echo '// nothing' > test/add.js"

/** Not done before a second turn. */
const task = {
  id: 'T1',
  title: 'Write notes',
  evidence: [
    { kind: 'pathChanged', glob: 'NOTES.md' },
    { kind: 'pathExists', path: 'done.md' },
  ],
}

const held = "the start's tests fail on this work (those of the work pass)"

describe('a gate with the tests of the start', () => {
  test.each(
    sampleOf(
      [
        ['weakened', weaker],
        ['removed, with another in its place', "rm test/add.js && echo '// nothing' > test/other.js"],
        ['passed over by a new file beside it', "echo 'process.exit(0)' > test/setup.js"],
        ['weakened, while new settings pass it over', `${weaker} && echo '{"run": []}' > checks.json`],
      ],
      4,
    ),
  )('holds a work whose test was %s, until it does what the test asked for', async (_name, act) => {
    await play({ files, agent: [`${broken} && ${act}`, mended] }, ({ blocks, run }) => {
      expect(blocks).toHaveLength(1)
      expect(blocks[0]).toContain(`gate test: ${held}: failed with exit code 1`)
      expect(blocks[0]).toContain('make the work do what the tests of the start ask for')
      expect(run).toMatchObject({ state: 'released', gates: [{ outcome: 'passed', start_tests: 'passed' }] })
    })
  })

  if (long)
    test('releases work that adds a package to a manifest which differs otherwise as well', async () => {
      const manifest = (more: object): string => JSON.stringify({ name: 'shop', ...more })
      const locked = (root: object, more: object = {}): string =>
        JSON.stringify({
          name: 'shop',
          lockfileVersion: 3,
          requires: true,
          packages: { '': { name: 'shop', ...root }, ...more },
        })
      const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`
      const a = { version: '1.0.0', resolved: 'http://127.0.0.1:9/a/-/a-1.0.0.tgz', integrity }
      const dependencies = { a: '1.0.0' }
      const uses =
        "if (!require('../package.json').dependencies) throw new Error('no a'); exports.add = (a, b) => a + b"
      await play(
        {
          files: {
            ...files,
            'package.json': manifest({}),
            'package-lock.json': locked({}),
            '.npmrc': 'registry=http://127.0.0.1:9/\n',
          },
          agent: [
            [
              `echo '${manifest({ description: 'a shop', dependencies })}' > package.json`,
              `echo '${locked({ dependencies }, { 'node_modules/a': a })}' > package-lock.json`,
              `cat > src/add.js <<'END'\n${uses}\nEND`,
              "echo '// more to come' >> test/add.js",
            ].join('\n'),
          ],
        },
        ({ blocks, run }) => {
          expect(blocks).toEqual([])
          expect(run).toMatchObject({
            state: 'released',
            unproved: ['package.json'],
            gates: [{ outcome: 'passed', start_tests: 'passed' }],
          })
        },
      )
    })

  if (long)
    test('that passed with both is run again with neither, while nothing has changed', async () => {
      const gate = { network: 'loopback', writable: ['~/runs'], steps: false, tests: 'start' }
      const counted = 'echo run >> ~/runs/good && exec node scripts/run.js'
      const both = {
        ...files,
        [config]: JSON.stringify({
          version: 2,
          commands: {
            good: { argv: ['sh', '-c', counted], ...gate },
            other: { argv: ['sh', '-c', 'test "$(cat src/number.js)" = "$(cat test/number.txt)"'], ...gate },
          },
          policy: { verify: 'clean-room' },
        }),
        'scripts/run.js': runner.replace("name !== 'setup.js'", "name.endsWith('.js')"),
        'src/number.js': '2\n',
        'test/number.txt': '2\n',
      }
      const runs = (lab: Installed): number =>
        fs.readFileSync(path.join(lab.userHome, 'runs/good'), 'utf8').split('\n').length - 1
      await play(
        {
          files: both,
          person: 'mkdir -p ~/runs',
          agent: [
            'echo 3 | tee src/number.js > test/number.txt',
            'true',
            'echo 2 | tee src/number.js > test/number.txt',
          ],
        },
        async ({ blocks, run, lab }) => {
          expect(blocks).toHaveLength(2)
          for (const block of blocks) {
            expect(block).toContain(`gate other: ${held}`)
            expect(block).not.toContain('gate good')
          }
          const second = await lab.json(['explain', '--stop', '2'])
          expect(second.commands).toMatchObject([
            { name: 'good', reused_from: 1, start_tests: 'passed' },
            { name: 'other', outcome: 'failed', start_tests: 'failed' },
          ])
          expect(run.state).toBe('released')
          // Twice at the first stop, not at the second; at the third no test differs any more.
          expect(runs(lab)).toBe(3)
        },
      )
    })

  if (long)
    test('releases new tests', async () => {
      const act =
        "echo 'exports.add = (a, b) => b + a; exports.sub = (a, b) => a - b' > src/add.js && " +
        `echo "require('node:assert').equal(require('../src/add.js').sub(3, 2), 1)" > test/sub.js`
      await play({ files, task, agent: [act, 'touch done.md'] }, async ({ blocks, run, lab }) => {
        expect(blocks).toHaveLength(1)
        expect(blocks[0]).not.toContain('gate test')
        expect(run).toMatchObject({
          state: 'released',
          gates: [{ outcome: 'passed', start_tests: 'passed' }],
        })
        const explained = await lab.json(['explain', run.run_id])
        expect(JSON.stringify(explained)).toContain('passed with the tests of the start too')
      })
    })

  if (long)
    test('runs once where no test differs, and says nothing of the start', async () => {
      await play({ files, agent: [mended] }, ({ blocks, run }) => {
        expect(blocks).toEqual([])
        expect(run).toMatchObject({ state: 'released', gates: [{ outcome: 'passed', start_tests: null }] })
      })
    })

  const person = `echo "require('node:assert').equal(require('../src/two.js').two, 2)" > test/two.js`
  const weak = "echo '// nothing' > test/two.js && echo 'exports.two = 3' > src/two.js && touch done.md"

  if (long)
    test('has those of the start that nobody had committed', async () => {
      await play(
        { files, person, task, agent: ['true', weak, "echo 'exports.two = 1 + 1' > src/two.js"] },
        ({ blocks, run }) => {
          expect(blocks).toHaveLength(2)
          expect(blocks[1]).toContain(held)
          expect(run.state).toBe('released')
        },
      )
    })

  test('could not run where one was changed before anybody could keep it, and releases nothing', async () => {
    await play({ files, person, agent: [weak, 'true'] }, ({ blocks, run }) => {
      expect(blocks[0]).toContain('gate test could not run (not your fault)')
      expect(blocks[0]).toContain('what test/two.js held at the start is not kept anywhere any more')
      expect(run.state).toBe('parked')
    })
  })

  if (long)
    test('releases first tests, where the start had none', async () => {
      const { 'test/add.js': _none, ...untested } = files
      await play(
        {
          files: { ...untested, 'src/three.js': '' },
          agent: [`${mended} && mkdir test && echo '// first' > test/first.js`],
        },
        ({ run }) => expect(run.state).toBe('released'),
      )
    })
})
