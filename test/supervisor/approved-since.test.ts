import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { realContext } from '../../src/records/context.ts'
import { acceptItem } from '../../src/records/item-approvals.ts'
import { approvedSince, takenIn } from '../../src/supervisor/orders/approved-since.ts'
import type { NewBatchEvent } from '../../src/supervisor/record/events.ts'
import { addEvent } from '../../src/supervisor/record/fold.ts'
import type { BatchState } from '../../src/supervisor/record/state.ts'
import { configOf, itemOf, markdown } from '../backlog/rig.ts'
import { openedWith } from './opened.ts'

let root = ''
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const NAME = '001-a.md'
const configText = JSON.stringify({
  version: 2,
  commands: { test: { argv: ['true'], network: 'none' } },
  gateProfiles: { fast: [], default: [], final: ['test'] },
  policy: { verify: 'clean-room' },
  supervisor: { agents: { mine: { adapter: 'command', argv: ['./agent.sh'] } } },
})

test('a file that is again as a person once accepted it gives its item nothing anew, until a person says so again', () => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'approved-since-')))
  const home = path.join(root, 'home')
  const context = realContext({ vars: {}, cwd: root, home } as unknown as Parameters<typeof realContext>[0])
  const site = { top: root, prefix: '', root, repoId: 'r' }
  const texts = ['a/**', 'b/**'].map((scope) =>
    itemOf(NAME, markdown(`scope: [${scope}]`), configOf(JSON.parse(configText) as object)),
  )
  const [a, b] = texts
  if (a === undefined || b === undefined) throw new Error('two texts')
  let [now, seq] = [1000, 0]
  let state: BatchState | null = null
  const append = (...events: readonly NewBatchEvent[]): void => {
    for (const event of events)
      state = addEvent(state, { seq: ++seq, at: now, prev: '', hash: sha256(String(seq)), ...event })
  }
  const write = ({ text }: { text: string }): void => {
    fs.mkdirSync(path.join(root, '.codex/backlog'), { recursive: true })
    fs.writeFileSync(path.join(root, '.codex/backlog', NAME), text)
  }
  const accept = (item: typeof a): unknown => acceptItem(home, root, item, ++now)
  /** What `run --continuous` would take in; it then does. */
  const comesIn = (): readonly string[] => {
    if (state === null) throw new Error('no batch')
    const items = approvedSince(context, site, state)
    now += 1
    append(...takenIn(items, state), { type: 'item-parked', data: { item: '001', code: 'attempts' } })
    return items.map((one) => one.scope.join())
  }
  const opened = openedWith([a])
  append({
    type: 'batch-opened',
    data: { ...opened, config: { ...opened.config, text: configText } },
  })
  write(a)
  accept(a)
  expect(comesIn()).toEqual([])
  write(b)
  expect(comesIn()).toEqual([])
  accept(b)
  expect(comesIn()).toEqual(['b/**'])
  write(a)
  expect(comesIn()).toEqual([])
  write(b)
  expect(comesIn()).toEqual([])
  write(a)
  accept(a)
  expect(comesIn()).toEqual(['a/**'])
})
