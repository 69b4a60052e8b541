import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import type { Command } from '../../src/contract/types.ts'
import type { GateOutcome, GateResult } from '../../src/gates/types.ts'
import { lookAt } from '../../src/judging/look.ts'
import type { Ports, RunGates, SessionPort } from '../../src/judging/ports.ts'
import type { Facts, RunningProcess } from '../../src/verdict/facts.ts'
import { type Engine, makeEngine, must } from './rig.ts'
import { long } from '../rig/long.ts'

/* The look by itself, on a real worktree: what is looked at, in which order, and what is then not run any more. */
let engine: Engine
beforeEach(() => {
  engine = makeEngine(() => ({
    config: {
      version: 1,
      commands: {
        types: { argv: ['sh', 'types.sh'] },
        test: { argv: ['sh', 'test.sh'] },
        late: { argv: ['sh', 'late.sh'] },
      },
      gateProfiles: { fast: ['types'], default: ['types', 'test'], final: ['types', 'test', 'late'] },
    },
    task: { id: 'T1', title: 'Work', evidence: [{ kind: 'pathChanged', glob: 'src/**' }] },
    files: { 'types.sh': 'true\n', 'test.sh': 'true\n', 'late.sh': 'true\n', 'src/a.txt': 'a\n' },
  }))
})
afterEach(() => engine.remove())

const passed: GateOutcome = { kind: 'passed' }
const resultOf = ({ name, argv }: Command, outcome: GateOutcome): GateResult => ({
  name,
  argv,
  outcome,
  durationMs: 1,
  head: '',
  tail: '',
  outputBytes: 0,
  logFile: null,
  sandboxed: true,
  box: null,
})

/** A driver whose gates are functions: what each does to the worktree, and what it says. */
function driver(gates: Readonly<Record<string, () => GateOutcome>> = {}): { run: RunGates; ran: string[] } {
  const ran: string[] = []
  return {
    ran,
    run: async (commands, between) => {
      const results: GateResult[] = []
      for (const command of commands) {
        if (results.length > 0 && between && !(await between('gates'))) break
        ran.push(command.name)
        results.push(resultOf(command, gates[command.name]?.() ?? passed))
      }
      return results
    },
  }
}

const calm: SessionPort = {
  plan: () => ({ state: 'absent', open: [] }),
  children: () => [],
  wait: () => null,
  tokens: () => null,
  processes: () => [],
  endProcesses: null,
}

async function look(runGates: RunGates, session: Partial<SessionPort> | null = null): Promise<Facts> {
  const ports: Ports = {
    now: () => 1_000,
    workspace: engine.workspace,
    baselineDir: engine.place.dir,
    session: session && { ...calm, ...session },
    runGates,
    room: null,
  }
  return must(await lookAt(engine.run(), ports))
}

const all = ['types', 'test', 'late']
const sleep: RunningProcess = { pid: 7, start: '3', command: 'sleep' }

describe('cheapest first', () => {
  beforeEach(async () => {
    await engine.start()
  })

  test('work is missing: only the fast profile', async () => {
    const gates = driver()
    expect(await look(gates.run)).toMatchObject({
      gatesRun: 'fast',
      evidence: [{ met: false }],
      session: null,
    })
    expect(gates.ran).toEqual(['types'])
  })

  if (long)
    test('what fails for want of something before any work could not run; with work it has failed', async () => {
      const likely = { kind: 'missing-module', name: 'ruff', own: false } as const
      const gates = driver({
        types: () => ({ kind: 'failed', cause: 'exit', exitCode: 1, signal: null, likely }),
      })
      expect(await look(gates.run)).toMatchObject({
        untouched: true,
        commands: [{ outcome: 'could-not-run', likely, asAtStart: true }],
      })
      engine.write('other.txt', 'b\n')
      const after = await look(gates.run)
      expect(after).toMatchObject({ gatesRun: 'fast', commands: [{ outcome: 'failed', likely }] })
      expect(after).not.toHaveProperty('untouched')
    })

  if (long)
    test('work is there: every gate the release needs', async () => {
      engine.write('src/b.txt', 'b\n')
      const gates = driver()
      expect(await look(gates.run)).toMatchObject({
        gatesRun: 'full',
        gateWrites: [],
        evidence: [{ met: true }],
      })
      expect(gates.ran).toEqual(all)
    })

  test.each<[string, Partial<SessionPort>, readonly string[], object]>([
    [
      'an open plan',
      { plan: () => ({ state: 'incomplete', open: ['One'] }) },
      ['types'],
      { gatesRun: 'fast' },
    ],
    ['a granted wish', { wait: () => ({ reason: 'a key' }) }, [], { gatesRun: 'none' }],
    [
      'a sub-agent at work',
      { children: () => [{ id: 'c', agentType: 'explorer' }] },
      [],
      { gatesRun: 'none', session: { children: [{ id: 'c' }] } },
    ],
    [
      'a process nobody has named',
      { processes: () => [sleep] },
      [],
      { gatesRun: 'none', session: { background: [sleep] } },
    ],
  ])('%s', async (_what, session, ran, facts) => {
    engine.write('src/b.txt', 'b\n')
    const gates = driver()
    expect(await look(gates.run, session)).toMatchObject(facts)
    expect(gates.ran).toEqual(ran)
  })

  test('a changed gate is never run', async () => {
    engine.write('src/b.txt', 'b\n')
    engine.write('test.sh', 'exit 0\n')
    const gates = driver()
    expect(await look(gates.run)).toMatchObject({
      gatesRun: 'none',
      drift: {
        undoable: true,
        changes: [{ file: 'test.sh', difference: { kind: 'lines', added: ['exit 0'] } }],
      },
    })
    expect(gates.ran).toEqual([])
  })

  test('a workspace that git cannot read is a fact, not a failure', async () => {
    fs.rmSync(path.join(engine.root, '.git'))
    fs.writeFileSync(path.join(engine.root, '.git'), 'gitdir: /nowhere\n')
    const gates = driver()
    const facts = await look(gates.run)
    expect([facts.unseen !== null, facts.gatesRun, gates.ran]).toEqual([true, 'none', []])
  })
})

describe('what happens while the gates run', () => {
  beforeEach(async () => {
    await engine.start()
    engine.write('src/b.txt', 'b\n')
  })

  if (long)
    test('a file that moves once costs another round, and nobody is blamed', async () => {
      let times = 0
      const gates = driver({
        test: () => {
          times += 1
          if (times === 1) engine.write('src/c.txt', 'written by another\n')
          return passed
        },
      })
      expect(await look(gates.run)).toMatchObject({ gatesRun: 'full', gateWrites: [] })
      expect(gates.ran).toEqual([...all, ...all])
    })

  if (long)
    test('one that moves in every round is named', async () => {
      let times = 0
      const gates = driver({
        test: () => {
          engine.write('out.txt', `round ${(times += 1)}\n`)
          return passed
        },
      })
      expect(await look(gates.run)).toMatchObject({ gatesRun: 'full', gateWrites: ['out.txt'] })
    })

  test('a gate that changes the next one: the next is never run', async () => {
    const gates = driver({
      types: () => {
        engine.write('late.sh', 'exit 0\n')
        return passed
      },
    })
    expect(await look(gates.run)).toMatchObject({
      gateWrites: ['late.sh'],
      drift: { changes: [{ file: 'late.sh' }] },
    })
    expect(gates.ran).not.toContain('late')
  })

  test('what was left running is ended before the release, and every gate runs again', async () => {
    const named: SessionPort['processes'] = () => (ended ? [] : [sleep])
    let ended = false
    const gates = driver()
    const run = engine.run()
    const facts = must(
      await lookAt(
        { ...run, named: ['7/3'] },
        {
          now: () => 1_000,
          workspace: engine.workspace,
          baselineDir: engine.place.dir,
          session: {
            ...calm,
            processes: named,
            endProcesses: async () => {
              ended = true
              return { ok: true, value: [] }
            },
          },
          runGates: gates.run,
          room: null,
        },
      ),
    )
    expect(facts.session).toMatchObject({ background: [], endTried: true, ended: ['7 sleep'] })
    expect(gates.ran).toEqual([...all, ...all])
  })
})
