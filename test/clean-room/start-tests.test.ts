import { describe, expect, test } from '@jest/globals'
import { config, play } from './lab.ts'

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
  test.each([
    ['weakened', weaker],
    ['removed, with another in its place', "rm test/add.js && echo '// nothing' > test/other.js"],
    ['passed over by a new file beside it', "echo 'process.exit(0)' > test/setup.js"],
    ['weakened, while new settings pass it over', `${weaker} && echo '{"run": []}' > checks.json`],
  ])('holds a work whose test was %s, until it does what the test asked for', async (_name, act) => {
    await play({ files, agent: [`${broken} && ${act}`, mended] }, ({ blocks, run }) => {
      expect(blocks).toHaveLength(1)
      expect(blocks[0]).toContain(`gate test: ${held}: failed with exit code 1`)
      expect(blocks[0]).toContain('make the work do what the tests of the start ask for')
      expect(run).toMatchObject({ state: 'released', gates: [{ outcome: 'passed', start_tests: 'passed' }] })
    })
  })

  test('releases new tests, and a pass with both is not run again', async () => {
    const act =
      "echo 'exports.add = (a, b) => b + a; exports.sub = (a, b) => a - b' > src/add.js && " +
      `echo "require('node:assert').equal(require('../src/add.js').sub(3, 2), 1)" > test/sub.js`
    await play({ files, task, agent: [act, 'touch done.md'] }, async ({ blocks, run, lab }) => {
      expect(blocks).toHaveLength(1)
      expect(blocks[0]).not.toContain('gate test')
      expect(run).toMatchObject({ state: 'released', gates: [{ outcome: 'passed', start_tests: 'passed' }] })
      const explained = await lab.json(['explain', run.run_id])
      expect(JSON.stringify(explained)).toContain('passed with the tests of the start too')
    })
  })

  test('runs once where no test differs, and says nothing of the start', async () => {
    await play({ files, agent: [mended] }, ({ blocks, run }) => {
      expect(blocks).toEqual([])
      expect(run).toMatchObject({ state: 'released', gates: [{ outcome: 'passed', start_tests: null }] })
    })
  })

  test('has those of the start that nobody had committed, and first tests are no weakened ones', async () => {
    const person = `echo "require('node:assert').equal(require('../src/two.js').two, 2)" > test/two.js`
    const weak = "echo '// nothing' > test/two.js && echo 'exports.two = 3' > src/two.js && touch done.md"
    await play(
      { files, person, task, agent: ['true', weak, "echo 'exports.two = 1 + 1' > src/two.js"] },
      ({ blocks, run }) => {
        expect(blocks).toHaveLength(2)
        expect(blocks[1]).toContain(held)
        expect(run.state).toBe('released')
      },
    )
    const { 'test/add.js': _none, ...untested } = files
    await play(
      { files: { ...untested, 'src/three.js': '' }, agent: [`${mended} && echo '// first' > test/first.js`] },
      ({ run }) => expect(run.state).toBe('released'),
    )
  })
})
