import { afterEach, expect, test } from '@jest/globals'
import path from 'node:path'
import { leaveRequest } from '../../../src/supervisor/orders/requests.ts'
import { ledgerOf } from '../kill/batch.ts'
import { type Running, type ScriptedTurn, type Site, item, makeSite } from '../rig.ts'
import { answer, states } from '../asked.ts'

let site: Site
let running: Running | undefined
afterEach(async () => {
  // What is still at work would keep the tests from ending.
  running?.child.kill('SIGKILL')
  await running?.done
  site.remove()
})

const writes = (id: string): readonly ScriptedTurn[] => [{ steps: [{ write: `src/${id}.txt`, text: id }] }]

/** Resolves each time that the batch has come to rest once more, with the state. */
function rests(run: Running): () => Promise<string> {
  const seen = new Set<string>()
  return async () => {
    const rested = await run.event((one) => one.type === 'rested' && !seen.has(one.hash))
    seen.add(rested.hash)
    return rested.type === 'rested' ? rested.data.state : ''
  }
}

test('it waits for what a person accepts, retries nothing by itself, lets the head be landed, and then begins anew on the new base', async () => {
  site = makeSite({
    items: { '001-a.md': item(), '002-b.md': item() },
    script: {
      '001': writes('001'),
      '002': [{ answer: { status: 'blocked', summary: 'which?' } }],
      ...Object.fromEntries(['003', '004', '005'].map((id) => [id, writes(id)])),
      '003': [...writes('003'), { at: '2.1', steps: [{ write: 'src/003.txt', text: 'more' }] }],
    },
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  expect((await site.cli(['run', '--every', '10m'])).code).toBe(2)
  running = site.start(['run', '--continuous', '--every', '1h', '--json'])
  const rested = rests(running)
  expect(await rested()).toBe('parked')

  site.write('.codex/backlog/003-c.md', item())
  expect(await answer(site, 0, 'accept', '003')).toMatchObject({ items: [{ id: '003' }] })
  expect(await rested()).toBe('parked')
  expect(await states(site)).toEqual({ '001': 'done', '002': 'parked: blocked', '003': 'done' })
  expect(site.starts().filter((one) => one.item === '002')).toHaveLength(1)

  expect(await answer(site, 0, 'drop', '002')).toMatchObject({ ok: true })
  expect(await rested()).toBe('completed')
  // Left while `land` or the like had the lock, and told that a process would take it up.
  leaveRequest(path.join(ledgerOf(site).file, '../../requests'), { kind: 'reopen', items: ['003'] })
  expect(await rested()).toBe('completed')
  expect(site.starts().filter((one) => one.item === '003')).toHaveLength(2)
  // Not landed: the same batch goes on.
  site.write('.codex/backlog/004-d.md', item())
  expect(await answer(site, 0, 'accept', '004')).toMatchObject({ batch: null })
  expect(await rested()).toBe('completed')
  const first = await answer(site, 0, 'status', '--batch')
  expect(first).toMatchObject({ state: 'completed', waiting: true, next: 'autonomous-loop land --merge' })
  expect(await states(site)).toMatchObject({ '004': 'done' })
  expect(await answer(site, 0, 'land', '--merge')).toMatchObject({ ok: true })

  site.write('.codex/backlog/005-e.md', item({ front: 'after: [004]\n' }))
  site.write('.codex/backlog/006-f.md', item({ title: 'Nobody accepts it' }))
  expect(await answer(site, 0, 'accept', '005')).toMatchObject({ batch: null })
  expect(await rested()).toBe('completed')
  const second = await answer(site, 0, 'status', '--batch')
  expect(second['batch']).not.toBe(first['batch'])
  expect(second).toMatchObject({ base: first['head'], new_items: ['006'] })
  expect(await states(site)).toEqual({
    '001': 'done',
    '002': 'dropped',
    '003': 'done',
    '004': 'done',
    '005': 'done',
  })
  expect(site.starts().map((one) => one.item)).toEqual(['001', '002', '003', '003', '004', '005'])

  expect(await answer(site, 0, 'stop')).toMatchObject({ running: true })
  expect(await running.done).toMatchObject({ code: 0, stderr: '' })
  expect(await answer(site, 0, 'stop')).toMatchObject({ running: false })
  expect(await answer(site, 0, 'status', '--batch')).toMatchObject({ waiting: false })

  // As often as was asked for, and no longer; a signal ends it while it waits.
  expect((await site.cli(['run', '--continuous', '--max-cycles', '1', '--json'])).code).toBe(0)
  running = site.start(['run', '--continuous', '--json'])
  while ((await answer(site, 0, 'status', '--batch'))['waiting'] !== true);
  running.child.kill('SIGINT')
  expect(await running.done).toMatchObject({ code: 130, stderr: '' })
}, 180_000)
