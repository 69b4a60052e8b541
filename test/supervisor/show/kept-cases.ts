import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { answer } from '../asked.ts'
import { batchDirectory, site } from './played.ts'

/* How long the logs of a batch are kept. */

const logs = (): readonly string[] =>
  (fs.readdirSync(path.join(batchDirectory(), 'attempts'), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.log'))
    .toSorted()

test('logs of an open batch stay; of one that is over and landed they go when they are old, and nothing else does', async () => {
  const all = logs()
  expect(all).toContain('002-1/judged/gates/1-test.room.log')
  const removed = async (...args: string[]): Promise<unknown> =>
    ((await answer(site, 0, 'clean', ...args))['removed'] as readonly { what: string }[]).filter(
      (one) => one.what === 'logs',
    )
  expect(await removed('--keep-logs', '0', '--apply')).toEqual([])
  expect(logs()).toEqual(all)
  await answer(site, 0, 'drop', '002', '--with-dependants')
  expect(await site.cli(['run', '--json'])).toMatchObject({ code: 0 })
  expect(await removed()).toEqual([])
  const [one] = (await removed('--keep-logs', '0')) as readonly object[]
  expect(one).toMatchObject({ name: path.join(batchDirectory(), 'attempts'), files: all.length })
  expect(logs()).toEqual(all)
  expect(await removed('--keep-logs', '0', '--apply')).toEqual([one])
  expect(logs()).toEqual([])
  expect(await answer(site, 0, 'audit', '--batch')).toMatchObject({ ok: true, removed_logs: 2 })
  expect(await answer(site, 0, 'show', '2')).toMatchObject({
    shown: {
      turns: [{ log: null, prompt: { bytes: expect.any(Number) } }],
      rescue: expect.stringContaining('/002/1'),
      looks: [{ judgement: { commands: [{ tail: expect.stringContaining('bad.txt is there') }] } }],
    },
  })
}, 120_000)
