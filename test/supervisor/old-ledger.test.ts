import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { settledConfig } from '../../src/supervisor/batch/open.ts'
import type { Plan } from '../../src/supervisor/decide/holds.ts'
import { next } from '../../src/supervisor/decide/next.ts'
import { itemReader, itemsOf } from '../../src/supervisor/decide/plan.ts'
import { readBatch } from '../../src/supervisor/record/batch-ledger.ts'
import type { BatchState } from '../../src/supervisor/record/state.ts'
import { projectRoot } from '../rig/root.ts'

// Written by the first version that could run a backlog: quota, crashes, an edit outside of the scope, a drop, a retry, and a SIGKILL at work.
const text = fs.readFileSync(path.join(projectRoot, 'test/fixtures/batch-ledger-first/ledger.jsonl'), 'utf8')
const lines = text.split('\n').slice(0, -1)
const nobody = { fences: new Set<number>(), lane: false, choosing: false }

let dir = ''
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-old-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

function readOf(many: number): BatchState {
  const file = path.join(dir, 'ledger.jsonl')
  fs.writeFileSync(file, `${lines.slice(0, many).join('\n')}\n`)
  const read = readBatch(file)
  if (!read.ok || read.value.state === null) throw new Error(JSON.stringify(read))
  return read.value.state
}

function planOf(state: BatchState): Plan {
  const { config } = state.opened
  const settled = settledConfig(config.text, config.path)
  if (!settled.ok) throw new Error(settled.error.message)
  const items = itemsOf(state, itemReader(settled.value.config))
  return { items, settings: settled.value.settings, unapproved: new Map(), held: null }
}

test('a batch of the first version goes on from each of its events', () => {
  for (let many = 1; many <= lines.length; many += 1) {
    const state = readOf(many)
    const plan = planOf(state)
    expect([...plan.items.keys()]).toEqual([...state.items.keys()])
    // It said nothing of tokens and time.
    for (const { spent } of state.items.values()) expect(spent).toEqual({ tokens: 0, ms: 0 })
    const { actions, wakeAt } = next(state, plan, nobody, 'run', lastAt(many))
    expect({ many, goesOn: actions.length > 0 || wakeAt !== null }).toEqual({ many, goesOn: true })
  }
})

const lastAt = (many: number): number => (JSON.parse(lines[many - 1] ?? '') as { at: number }).at

test('what it came to is what it said', () => {
  const state = readOf(lines.length)
  expect(
    [...state.items].map(([id, { standing, attempts, counted, spawns }]) => [
      id,
      standing.kind,
      attempts,
      counted,
      spawns,
    ]),
  ).toEqual([
    ['001', 'done', 1, 0, 1],
    ['002', 'open', 1, 0, 0],
    ['003', 'parked', 2, 2, 4],
    ['004', 'open', 0, 0, 0],
    ['005', 'dropped', 0, 0, 0],
    ['006', 'working', 1, 0, 1],
  ])
  expect(state).toMatchObject({ begun: 5, rest: null, parkedInARow: 0 })
  // It had no conversation when it was killed.
  expect(next(state, planOf(state), nobody, 'run', lastAt(lines.length)).actions).toEqual([
    { kind: 'fail', fence: 5, failure: { kind: 'interrupted' } },
  ])
})
