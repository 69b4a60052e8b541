import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { detachedVariable } from '../../../src/cli/detached.ts'
import { processesOf } from '../../rig/processes.ts'
import { recordOf, leftOf } from '../kill/batch.ts'
import { type Site, item, makeSite } from '../rig.ts'
import { answer } from '../asked.ts'

let site: Site
afterEach(() => {
  // One of them may be about to start another.
  for (let left = processesOf(site.dir); left.length > 0; left = processesOf(site.dir)) left.forEach(killed)
  site.remove()
})

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

async function made(): Promise<void> {
  site = makeSite({ items: { '001-a.md': item() } })
  site.script({
    '001': [
      {
        steps: [
          { sh: `until [ -e '${site.at('go')}' ]; do sleep 0.02; done`, may: true },
          { write: 'src/b.txt', text: 'b' },
        ],
      },
    ],
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
}

/** Until it is so; the time of the test is the limit. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
}

const batchOf = (): Promise<Record<string, unknown>> => answer(site, 0, 'status', '--batch')
const starts = (): number => recordOf(site).events.filter((one) => one.type === 'started').length
const owner = (): number => recordOf(site).state.owner?.process.pid ?? 0

function noteFile(): string {
  const batches = path.join(site.home, 'batches')
  const [repo = ''] = fs.readdirSync(batches)
  return path.join(batches, repo, 'watcher.json')
}

function noted(): { readonly process: { readonly pid: number } } {
  return JSON.parse(fs.readFileSync(noteFile(), 'utf8')) as ReturnType<typeof noted>
}

const isGone = async (): Promise<boolean> => (await batchOf())['detached'] === null

test('it returns once the batch is at work; a killed supervisor is started again and comes to the same end, which attach sees', async () => {
  site = makeSite({ items: { '001-a.md': item() } })
  // What cannot begin says so, with its own exit status.
  expect(await answer(site, 1, 'run', '--detach')).toMatchObject({ error_code: 'config-unapproved' })
  expect(await answer(site, 1, 'attach')).toMatchObject({ error_code: 'nothing-runs' })
  site.remove()
  await made()
  expect(await answer(site, 0, 'run', '--detach', '--iterations', '3')).toMatchObject({
    ok: true,
    detached: true,
  })
  expect(await batchOf()).toMatchObject({ state: 'running', detached: { restarts: 0 } })
  // Also where its note is not written yet, as of two that start at the same time. The log stays the first one's.
  const [note, log] = [noteFile(), path.join(path.dirname(noteFile()), 'detached.log')]
  fs.renameSync(note, `${note}.kept`)
  const before = fs.readFileSync(log, 'utf8')
  expect(await answer(site, 1, 'run', '--detach')).toMatchObject({
    error_code: 'batch-running',
    remediation: 'autonomous-loop attach',
  })
  expect(fs.readFileSync(log, 'utf8').startsWith(before)).toBe(true)
  fs.renameSync(`${note}.kept`, note)
  await until(() => site.starts().length === 1)

  // Whoever looks on ends nothing.
  const looker = site.start(['attach', '--json'])
  await looker.event((one) => one.type === 'turn-begun')
  looker.child.kill('SIGINT')
  expect(await looker.done).toMatchObject({ code: 130 })
  const first = owner()
  process.kill(first, 'SIGKILL')
  await until(() => starts() === 2 && site.starts().length === 2)
  expect(owner()).not.toBe(first)
  expect(await batchOf()).toMatchObject({ state: 'running', detached: { restarts: 1 } })
  // The second call has what the first one left.
  expect(recordOf(site).state.asked).toBe(3)

  const attached = site.start(['attach', '--json'])
  await attached.event((one) => one.type === 'turn-begun')
  fs.writeFileSync(site.at('go'), '')
  const seen = await attached.done
  expect({ code: seen.code, stderr: seen.stderr }).toEqual({ code: 0, stderr: '' })
  expect(seen.events.at(-1)).toMatchObject({ type: 'rested', data: { state: 'completed' } })
  expect(seen.events.filter((one) => one.type === 'started')).toHaveLength(1)
  await until(isGone)
  expect(site.show('src/b.txt')).toBe('b')
  expect(recordOf(site).state.items.get('001')).toMatchObject({ standing: { kind: 'done' }, counted: 0 })
  await until(() => leftOf(site).length === 0)
}, 120_000)

test('without its watcher a run goes on, and stop ends it; stop ends both where both are there', async () => {
  await made()
  expect(await answer(site, 0, 'run', '--detach')).toMatchObject({ detached: true })
  await until(() => site.starts().length === 1)
  process.kill(noted().process.pid, 'SIGKILL')
  expect(await batchOf()).toMatchObject({ state: 'running' })
  expect(await answer(site, 0, 'stop', '--now')).toMatchObject({ running: true })
  await until(() => leftOf(site).length === 0)
  expect(await batchOf()).toMatchObject({ state: 'paused', detached: null })
  expect(starts()).toBe(1)

  expect(await answer(site, 0, 'run', '--detach')).toMatchObject({ detached: true })
  await until(() => site.starts().length === 2)
  expect(await answer(site, 0, 'stop', '--now')).toMatchObject({ running: true })
  await until(() => leftOf(site).length === 0)
  expect(await batchOf()).toMatchObject({ state: 'paused', detached: null })
  expect(starts()).toBe(2)
}, 120_000)

if (long)
  test('what crashes again and again is not started a seventh time, and the batch says so', async () => {
    await made()
    expect(await answer(site, 0, 'run', '--detach')).toMatchObject({ detached: true })
    for (let nth = 1; nth <= 6; nth += 1) {
      await until(() => starts() === nth)
      process.kill(owner(), 'SIGKILL')
    }
    await until(isGone)
    expect(starts()).toBe(6)
    expect(await answer(site, 6, 'status', '--batch', '--check')).toMatchObject({
      state: 'paused',
      code: 'crashed',
      next: 'autonomous-loop run',
    })
    // A person had a look.
    fs.writeFileSync(site.at('go'), '')
    expect((await site.cli(['run', '--json'])).code).toBe(0)
  }, 120_000)

if (long)
  test('a crash gives nothing back: what a call that goes on and on may still begin, and what brought the batch to rest', async () => {
    await made()
    expect(await answer(site, 0, 'run', '--detach', '--continuous', '--iterations', '2')).toMatchObject({
      detached: true,
    })
    await until(() => site.starts().length === 1)
    process.kill(owner(), 'SIGKILL')
    await until(() => site.starts().length === 2)
    fs.writeFileSync(site.at('go'), '')
    await until(async () => {
      const { detached, waiting } = await batchOf()
      return detached === null || waiting === true
    })
    // Its two attempts are used up, so that it waits for no more.
    expect(await batchOf()).toMatchObject({ state: 'completed', waiting: false })
    await until(() => leftOf(site).length === 0)
    site.remove()

    await made()
    site.script({ '001': [{ exit: 3 }] })
    expect((await site.cli(['run', '--json'])).code).toBe(7)
    const halted = site.starts().length
    const again = { [detachedVariable]: 'again' }
    // As its watcher starts it where it crashed at its very end.
    expect((await site.cli(['run', '--json'], again)).code).toBe(7)
    expect(site.starts()).toHaveLength(halted)
    site.script({ '001': [{ steps: [{ write: 'src/b.txt', text: 'b' }] }] })
    expect((await site.cli(['run', '--json'])).code).toBe(0)
    expect((await site.cli(['run', '--json'], again)).code).toBe(0)
  }, 120_000)
