import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { directLaunch } from '../../src/gates/starter.ts'
import { gateRunner } from '../../src/judging/gate-runner.ts'
import { lookAt } from '../../src/judging/look.ts'
import { commandWords } from '../../src/verdict/words/command.ts'
import { placeWords } from '../../src/verdict/words/place.ts'
import { type Engine, makeEngine, must } from './rig.ts'
import { long } from '../rig/long.ts'

/* Steps of one gate on a real worktree, as the engine looks between them. No box here: test/box/steps.test.ts has that. */
let engine: Engine
afterEach(() => engine.remove())

async function look(text: string, files: Readonly<Record<string, string>>, version: 1 | 2 = 2) {
  engine = makeEngine(() => ({
    config: { version, commands: { test: { argv: ['sh', '-c', text], pins: ['rules'] } } },
    task: { id: 'T1', title: 'Work', evidence: [{ kind: 'pathChanged', glob: 'src/**' }] },
    files: { 'src/a.txt': 'a\n', rules: 'all\n', '.gitignore': 'out\n', ...files },
  }))
  const run = await engine.start()
  engine.write('src/a.txt', 'work\n')
  const runGates = gateRunner(run, {
    machine: () => ({ launch: directLaunch, nodePty: null }),
    vars: { HOME: engine.dir },
    abort: new AbortController().signal,
    logs: engine.at('logs'),
  })
  return must(
    await lookAt(run, {
      now: () => 1_000,
      workspace: engine.workspace,
      baselineDir: engine.place.dir,
      session: null,
      runGates,
      room: null,
    }),
  )
}

const bends = {
  'unit.sh': 'echo fixed > src/b.txt\n',
  'back.sh': 'echo broken > src/b.txt\n',
  'src/b.txt': 'broken\n',
}

test('a source that one step rewrites and a later one puts back is named', async () => {
  const text = 'sh unit.sh && grep -q fixed src/b.txt && sh back.sh'
  const facts = await look(text, bends)
  expect(facts.commands).toMatchObject([{ outcome: 'passed', of: 3, mixed: 'driver' }])
  expect(facts.gateWrites).toEqual(['src/b.txt'])
})

if (long)
  test('in version 1 the command runs whole and nothing is said of steps', async () => {
    const { commands, gateWrites } = await look(
      'sh unit.sh && grep -q fixed src/b.txt && sh back.sh',
      bends,
      1,
    )
    expect(commands).toMatchObject([{ outcome: 'passed' }])
    expect(commands[0]).not.toHaveProperty('steps')
    expect(commands[0]).not.toHaveProperty('mixed')
    expect(gateWrites).toEqual([])
  })

test('a definition that a step changes for the next one ends the gate with its name', async () => {
  const facts = await look('sh unit.sh && sh check.sh && sh back.sh', {
    'unit.sh': 'echo none > rules\n',
    'check.sh': 'touch out; grep -q none rules\n',
    'back.sh': 'echo all > rules\n',
  })
  expect(facts.commands).toMatchObject([
    { outcome: 'failed', cause: 'changed', changed: ['rules'], of: 3, steps: [{ label: 'sh unit.sh' }] },
  ])
  expect(facts.gateWrites).toEqual(['rules'])
  expect(fs.existsSync(path.join(engine.root, 'out'))).toBe(false)
})

if (long)
  test('what a step makes and a later one clears away is an output', async () => {
    const apart = await look('touch made.txt && cp made.txt other.txt && rm made.txt other.txt', {})
    expect(apart.commands).toMatchObject([{ outcome: 'passed', of: 3 }])
    expect(apart.gateWrites).toEqual([])
  })

if (long)
  test('the words say which step decided', async () => {
    const [command] = (await look('true x && grep -q nothing rules && true y', {})).commands
    if (command === undefined) throw new Error('no gate was run')
    expect(commandWords(command)).toBe(
      'failed with exit code 1 in step 1 of 2 (true x && grep -q nothing rules)',
    )
    expect(placeWords(command)).toBe(', no sandbox, 2 steps apart')
    expect(placeWords({ ...command, mixed: 'shell' })).toContain('mixed: its steps share one process tree')
  })
