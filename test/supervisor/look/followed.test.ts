import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { siteOf } from '../../../src/supervisor/batch/site.ts'
import { batchPaths } from '../../../src/supervisor/batch/paths.ts'
import { batchesOf } from '../../../src/supervisor/batch/find-batch.ts'
import { answer } from '../asked.ts'
import { type Running, type Site, type SiteParts, item, makeSite } from '../rig.ts'

let site: Site | undefined
const started = new Set<Running>()
afterEach(() => {
  for (const { child } of started) child.kill('SIGKILL')
  started.clear()
  site?.remove()
})

/** Ends with its test, however that goes. */
function start(at: Site, ...args: readonly string[]): Running {
  const running = at.start(args)
  started.add(running)
  return running
}

async function opened(parts: SiteParts): Promise<Site> {
  site = makeSite(parts)
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  return site
}

function ledgerOf(at: Site): string {
  const found = siteOf(at.repo)
  if (!found.ok) throw new Error(found.error.message)
  const { repoId } = found.value
  return batchPaths(at.home, repoId, batchesOf(at.home, repoId).at(-1) ?? '').ledger
}

/** Numbers of the events that were printed, a line each. */
const numbers = (stdout: string): number[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { seq: number }).seq)

test('events --follow that is there before the batch tells each event once, over a SIGKILL and the next process, until it rests', async () => {
  const at = await opened({ items: { '001-a.md': item(), '002-b.md': item({ front: 'after: [001]\n' }) } })
  at.script({
    '001': [{ at: '1.1', steps: [{ sh: 'sleep 600' }] }, { steps: [{ write: 'src/new.txt', text: 'a\n' }] }],
    '002': [{ answer: { status: 'blocked', summary: 'which format?' } }],
  })
  const follows = start(at, 'events', '--follow', '--batch', '--json')
  const plain = start(at, 'events', '--follow', '--text')
  const killed = start(at, 'run', '--json')
  await killed.event((one) => one.type === 'turn-begun')
  killed.child.kill('SIGKILL')
  await killed.done
  // Nobody is at it, and it has not come to rest: it is waited for.
  expect([follows.child.exitCode, plain.child.exitCode]).toEqual([null, null])
  const second = start(at, 'run', '--json')
  const ran = await second.done
  expect(ran.code).toBe(5)

  const { code, stdout, stderr } = await follows.done
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = fs.readFileSync(ledgerOf(at), 'utf8').split('\n').slice(0, -1)
  expect(numbers(stdout)).toEqual(lines.map((_, nth) => nth + 1))
  expect(JSON.parse(stdout.split('\n').at(-2) ?? '')).toMatchObject({
    type: 'rested',
    text: 'the batch is parked (items)',
    data: { state: 'parked' },
  })
  const text = await plain.done
  expect(text).toMatchObject({ code: 0, stderr: '' })
  expect(text.stdout).toMatch(/002: its agent claimed: blocked: which format\?\n/)
  expect(text.stdout).toMatch(/001: verified: it passes\n/)
  expect(text.stdout).toMatch(/\nIt is parked \(items\): autonomous-loop status --batch\n$/)

  const batch = path.basename(path.dirname(ledgerOf(at)))
  const all = await answer(at, 0, 'events')
  expect(all).toMatchObject({ batch, integrity: 'intact' })
  expect(await answer(at, 0, 'events', batch.slice(0, 17))).toEqual(all)
  expect(await answer(at, 0, 'events', '--batch')).toEqual(all)
  // A batch that rests is told whole, and not waited for.
  expect(numbers((await at.cli(['events', '--follow', batch, '--json'])).stdout)).toHaveLength(lines.length)
  const few = await answer(at, 0, 'events', '--item', '2', '--type', 'attempt-opened', '--type', 'judged')
  expect(few['events']).toMatchObject([{ type: 'attempt-opened', data: { item: '002', attempt: 1 } }])
  expect(await answer(at, 0, 'events', '--since', String(lines.length - 1))).toMatchObject({
    events: [{ seq: lines.length, type: 'rested' }],
  })
  expect(await at.cli(['events', '--type', 'judgde', '--text'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean judged?') as unknown,
  })
}, 120_000)

if (long)
  test('status shows the batch beside sessions, and a last line that is being written stands in no reader’s way', async () => {
    const at = await opened({
      items: { '001-a.md': item(), '002-b.md': item({ front: 'after: [001]\n' }) },
      script: { '001': [{ answer: { status: 'blocked', summary: 'which format?' } }] },
    })
    expect(await answer(at, 0, 'status')).toMatchObject({ batch: null, batch_problem: null })
    expect((await at.cli(['run', '--json'])).code).toBe(5)
    const before = await answer(at, 0, 'status')
    expect(before).toMatchObject({
      sessions: [],
      batch_problem: null,
      batch: {
        state: 'parked',
        next: 'autonomous-loop retry --all',
        items: [
          { id: '001', state: 'parked', code: 'blocked', attempt: 1, silent: null },
          { id: '002', state: 'waiting', waits_for: { kind: 'after', items: ['001'] } },
        ],
      },
    })
    expect(before['batch']).toEqual(await answer(at, 0, 'status', '--batch'))
    expect(await answer(at, 0, 'status', '--all', '--cwd', '/')).toMatchObject({
      batch: null,
      batches: [{ repo_root: at.repo, state: 'parked', code: 'items', items: 2, done: 0, parked: 1 }],
    })
    const text = (await at.cli(['status', '--text'])).stdout
    expect(text).toContain('  001 a  parked   blocked: which format?, attempt 1\n')
    expect(text).toContain('  002 b  waiting  after 001\n')
    expect(text).toMatch(/\nnext: autonomous-loop retry --all\n$/)

    const ledger = ledgerOf(at)
    const bytes = fs.readFileSync(ledger)
    fs.appendFileSync(ledger, '{"seq":99,"at":1,"type":"lan')
    expect(await answer(at, 0, 'status')).toEqual(before)
    expect(await answer(at, 0, 'events')).toMatchObject({ integrity: 'torn-tail' })
    fs.writeFileSync(ledger, Buffer.concat([bytes.subarray(0, 50), Buffer.from('x'), bytes.subarray(51)]))
    const broken = await answer(at, 0, 'status')
    expect(broken).toMatchObject({
      batch: null,
      batch_problem: expect.stringContaining('event 1 of') as unknown,
    })
    expect(await answer(at, 1, 'status', '--batch')).toMatchObject({ error_code: 'batch-broken' })
  }, 120_000)
