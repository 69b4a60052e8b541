import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Ports } from '../../src/judging/ports.ts'
import { lookAt } from '../../src/judging/look.ts'
import { append } from '../../src/ledger/store.ts'
import { findBlockers } from '../../src/verdict/blockers.ts'
import type { Facts } from '../../src/verdict/facts.ts'
import { partWords } from '../../src/verdict/words/scope.ts'
import { type Engine, type StartOptions, makeEngine, must } from './rig.ts'
import { long } from '../rig/long.ts'

/* What is out of scope, looked at on a real worktree. */
const manifest = (scripts: string, dependencies: string): string =>
  JSON.stringify({ scripts: { test: scripts }, dependencies: { a: dependencies } })

let engine: Engine
afterEach(() => engine.remove())

async function begin(
  scope: readonly string[],
  options: StartOptions = {},
  policy: object = {},
  files: Readonly<Record<string, string>> = {},
): Promise<void> {
  engine = makeEngine(() => ({
    config: {
      version: 1,
      commands: { types: { argv: ['true'] }, test: { argv: ['true'] } },
      gateProfiles: { fast: ['types'], default: ['types', 'test'], final: ['types', 'test'] },
      policy: { scope, ...policy },
    },
    task: { id: 'T1', title: 'Work', evidence: [{ kind: 'pathChanged', glob: 'src/**' }] },
    files: {
      'src/a.txt': 'a\n',
      'lib/b.txt': 'b\n',
      'package.json': manifest('one', '1'),
      '.gitignore': 'out/\n',
      ...files,
    },
  }))
  if (options.keepTexts !== false) engine.write('package.json', manifest('dirty', '1'))
  await engine.start(options)
}

/** `gate`: what the final gate does to the worktree. */
async function look(gate: () => void = () => undefined): Promise<Facts> {
  const ports: Ports = {
    now: () => 1_000,
    workspace: engine.workspace,
    baselineDir: engine.place.dir,
    session: null,
    room: null,
    runGates: async (commands) =>
      commands.map(({ name, argv }) => {
        if (name === 'test') gate()
        return {
          name,
          argv,
          outcome: { kind: 'passed' },
          durationMs: 1,
          head: '',
          tail: '',
          outputBytes: 0,
          logFile: null,
          sandboxed: true,
          box: null,
        }
      }),
  }
  return must(await lookAt(engine.run(), ports))
}

const outOf = ({ scope }: Facts): readonly string[] => (scope?.out ?? []).map(partWords)

test('cheap: only the fast profile runs, and each path is told', async () => {
  await begin(['src/**'])
  engine.write('src/a.txt', 'x\n')
  expect(await look()).toMatchObject({ gatesRun: 'full' })
  engine.write('lib/b.txt', 'x\n')
  engine.write('new.txt', 'x\n')
  fs.rmSync(path.join(engine.root, 'package.json'))
  engine.write('out/ignored.txt', 'x\n')
  const facts = await look()
  expect(facts.gatesRun).toBe('fast')
  expect(facts.commands.map((one) => one.name)).toEqual(['types'])
  expect(outOf(facts)).toEqual(['lib/b.txt', 'new.txt (new)', 'package.json (removed)'])
  expect(findBlockers(facts, engine.run())).toEqual([
    expect.objectContaining({ kind: 'out-of-scope', digest: facts.scope?.digest }),
  ])
})

if (long)
  test('the contract narrows what the config opens', async () => {
    await begin(['src/**', 'lib/**'], { scope: ['src/**'] })
    engine.write('src/a.txt', 'x\n')
    engine.write('lib/b.txt', 'x\n')
    expect(outOf(await look())).toEqual(['lib/b.txt'])
  })

test('what a glob opens is work, as the start tells it from what steers tools', async () => {
  await begin(
    ['src/**', 'test/**', 'tools/run.config.ts'],
    {},
    {},
    {
      'src/a.ts': '',
      'test/data/a.json': '{}',
      'src/AGENTS.md': '',
    },
  )
  for (const file of ['src/a.txt', 'src/b.ts', 'test/data/a.json', 'test/data/b.json', 'tools/run.config.ts'])
    engine.write(file, '{"x":1}\n')
  expect(outOf(await look())).toEqual([])
  const steers = '(it steers tools or agents, so only its own name opens it)'
  for (const file of ['src/AGENTS.md', 'src/b.config.ts', 'src/new.json', 'src/x.py'])
    engine.write(file, 'x\n')
  expect(outOf(await look())).toEqual([
    `src/AGENTS.md ${steers}`,
    `src/b.config.ts ${steers}`,
    `src/new.json ${steers}`,
    `src/x.py ${steers}`,
  ])
})

describe('a part of a file is held against the text of the start', () => {
  test('as it lay there, committed or not', async () => {
    await begin(['src/**', 'package.json#/dependencies'])
    engine.write('src/a.txt', 'x\n')
    expect((await look()).scope).toBeUndefined()
    engine.write('package.json', manifest('dirty', '2'))
    expect((await look()).scope).toBeUndefined()
    // What was committed is not what the run began with.
    engine.write('package.json', manifest('one', '2'))
    expect(outOf(await look())).toEqual(['package.json#/scripts/test'])
  })

  if (long)
    test('out of the repository, by the name of its content', async () => {
      await begin(['src/**', 'package.json#/dependencies'], { keepTexts: false })
      engine.write('src/a.txt', 'x\n')
      engine.write('package.json', manifest('one', '2'))
      expect((await look()).scope).toBeUndefined()
      engine.write('package.json', manifest('two', '2'))
      expect(outOf(await look())).toEqual(['package.json#/scripts/test'])
    })

  test('an object that was put under that name is not believed', async () => {
    await begin(['src/**', 'package.json#/dependencies'], { keepTexts: false })
    const git = (...args: string[]): string =>
      execFileSync('git', args, { cwd: engine.root, encoding: 'utf8' }).trim()
    const oid = git('rev-parse', 'HEAD:package.json')
    engine.write('package.json', manifest('two', '2'))
    const forged = git('hash-object', '-w', 'package.json')
    const object = (id: string): string => engine.at('main/.git/objects', id.slice(0, 2), id.slice(2))
    fs.rmSync(object(oid))
    fs.copyFileSync(object(forged), object(oid))
    const [one, ...more] = outOf(await look())
    expect(more).toEqual([])
    expect(one).toMatch(
      /^package\.json \(only parts of it may differ, and they cannot be told apart: its text at the start is not/,
    )
  })

  test('and of now: a link to a fitting file is no part of it', async () => {
    await begin(['src/**', 'package.json#/dependencies'])
    engine.write('src/package.json', manifest('dirty', '2'))
    fs.rmSync(path.join(engine.root, 'package.json'))
    fs.symlinkSync('src/package.json', path.join(engine.root, 'package.json'))
    expect(outOf(await look())).toEqual([
      'package.json (another type of file, and only parts of it may differ)',
      'src/package.json (it steers tools or agents, so only its own name opens it)',
    ])
  })
})

if (long)
  test('what was accepted is no question any more, until it is another thing', async () => {
    await begin(['src/**', 'package.json#/dependencies'])
    engine.write('src/a.txt', 'x\n')
    engine.write('lib/b.txt', 'x\n')
    engine.write('package.json', manifest('two', '2'))
    const { scope } = await look()
    const accepted = Object.fromEntries(
      (scope?.out ?? []).map(({ path: file, pointer, state }) => [
        pointer === null ? file : `${file}#${pointer}`,
        state,
      ]),
    )
    expect(Object.keys(accepted)).toEqual(['lib/b.txt', 'package.json#/scripts/test'])
    const { activation } = engine.run()
    const digest = scope?.digest ?? activation.contractHash
    must(
      append(engine.place, Date.now, () => ({
        ok: true,
        value: [
          {
            type: 'amended',
            data: { digest, changes: [], activation, by: 'terminal', reason: null, accepted },
          },
        ],
      })),
    )
    expect((await look()).scope).toBeUndefined()
    // The open part of the same file goes on.
    engine.write('package.json', manifest('two', '3'))
    expect((await look()).scope).toBeUndefined()
    engine.write('package.json', manifest('three', '3'))
    engine.write('lib/b.txt', 'y\n')
    expect(outOf(await look())).toEqual(['lib/b.txt', 'package.json#/scripts/test'])
  })

test('a gate writes out of scope only what its config says', async () => {
  await begin(['src/**'], {}, { gateWrites: ['cover/**'] })
  engine.write('src/a.txt', 'x\n')
  const leave = (file: string) => () => engine.write(file, 'left\n')
  expect(outOf(await look(leave('cover/a.txt')))).toEqual([])
  // Now it lies there before they run.
  expect(await look()).not.toMatchObject({ scope: expect.anything() })
  expect(outOf(await look(leave('cover/.npmrc')))).toEqual([
    'cover/.npmrc (it steers tools or agents, so only its own name opens it)',
  ])
  fs.rmSync(path.join(engine.root, 'cover'), { recursive: true })
  // It writes the same each time: nothing moves in the second round, and it is there all the same.
  const facts = await look(leave('made.txt'))
  expect(facts).toMatchObject({ gatesRun: 'full', gateWrites: [] })
  expect(outOf(facts)).toEqual(['made.txt (new)'])
})
