import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { fail, ok } from '../../../src/base/result.ts'
import { realContext } from '../../../src/records/context.ts'
import { onAndOn } from '../../../src/supervisor/batch/continuous.ts'
import { repoPaths } from '../../../src/supervisor/batch/paths.ts'
import type { RunAsked, RunEnded } from '../../../src/supervisor/batch/run-asked.ts'
import { leaveRequest } from '../../../src/supervisor/orders/requests.ts'

let dir = ''
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

test('while another process has the lock, what was ordered is waited for and not asked for again and again', async () => {
  dir = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'taken-')))
  const home = path.join(dir, 'home')
  const { requests } = repoPaths(home, 'r')
  const context = realContext({ vars: {}, cwd: dir, home } as unknown as Parameters<typeof realContext>[0])
  const asked = { iterations: null, until: null, continuous: { everyMs: 3_600_000, cycles: null } }
  const rested = (state: 'completed' | 'paused'): RunEnded =>
    ({
      batch: 'b',
      state: { begun: 0, items: new Map() },
      rest: { state, code: 'stopped' },
      published: null,
    }) as unknown as RunEnded
  let [calls, waits, seen] = [0, 0, 0]
  const ended = await onAndOn(
    context,
    { top: dir, prefix: '', root: dir, repoId: 'r' },
    asked as unknown as RunAsked & { continuous: typeof asked.continuous },
    {
      version: '0',
      seen: () => {},
      ending: new AbortController().signal,
      killing: new AbortController().signal,
      end: () => {},
      watch: () => {},
      // The third time it waits is after it met the lock: something happens then.
      waits: () => {
        waits += 1
        if (waits === 2) setImmediate(() => leaveRequest(requests, { kind: 'retry', items: [] }))
      },
    } as unknown as Parameters<typeof onAndOn>[3],
    () => {
      calls += 1
      if (calls === 1) leaveRequest(requests, { kind: 'retry', items: [] })
      if (calls === 1) return Promise.resolve(ok(rested('completed')))
      if (calls === 2) return Promise.resolve(fail('batch-running', 'another process supervises'))
      seen = waits
      return Promise.resolve(ok(rested('paused')))
    },
  )
  expect(ended).toMatchObject({ ok: true, value: { rest: { state: 'paused' } } })
  // Once before the second call; after that once before something happened, and once more then.
  expect({ calls, seen }).toEqual({ calls: 3, seen: 3 })
})
