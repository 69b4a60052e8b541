import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { projectRoot } from '../../rig/root.ts'
import { type Site, item, makeSite } from '../rig.ts'
import { leftOf, recordOf } from './batch.ts'

let site: Site
afterEach(() => site.remove())

/** Room for a small batch. Bytes. */
const SMALL = 3_000_000

test('a disk that runs full ends what runs, and says so with its last bytes; with room the batch goes on', async () => {
  site = makeSite({ items: { '001-fills.md': item(), '002-waits.md': item() }, supervisor: { jobs: 2 } })
  const batches = path.join(site.home, 'batches')
  const [filled, free, kept] = [site.at('filled'), site.at('free'), site.at('kept')]
  site.script({
    '001': [
      {
        steps: [
          { write: 'src/one.txt', text: '1\n' },
          {
            sh: `test -e ${filled} || { while test ! -e ${site.at('waits')}; do sleep 0.02; done; touch ${filled}; cat /dev/zero > ${batches}/filler; }`,
            may: true,
          },
        ],
      },
    ],
    '002': [
      {
        steps: [
          { write: 'src/two.txt', text: '2\n' },
          { sh: `touch ${site.at('waits')}; test -e ${free} || sleep 98765`, may: true },
        ],
      },
    ],
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  fs.mkdirSync(batches)
  const run = `${process.execPath} ${path.join(projectRoot, 'bin/autonomous-loop.js')} run --json`
  const script = [
    `${run} > ${site.at('first')} 2> ${site.at('first-error')}; echo $? > ${site.at('first-code')}`,
    `touch ${free}; grep -lzx 98765 /proc/[0-9]*/cmdline > ${site.at('sleepers')}`,
    `cp -a ${batches}/*/*/ledger.jsonl ${site.at('first-ledger')}; rm ${batches}/filler`,
    `${run} > ${site.at('second')} 2> ${site.at('second-error')}; echo $? > ${site.at('second-code')}`,
    `cp -a ${batches} ${kept}`,
  ].join('\n')
  execFileSync(
    'unshare',
    [
      '--user',
      '--map-root-user',
      '--mount',
      '--',
      '/bin/sh',
      '-c',
      `mount -t tmpfs -o size=${SMALL} small ${batches}\n${script}`,
    ],
    { cwd: site.repo, env: site.env },
  )
  const said = (name: string): string => fs.readFileSync(site.at(name), 'utf8')
  expect(said('first-code')).toBe('1\n')
  expect(said('first-error') + said('first')).toContain('disk-full')
  expect(said('sleepers')).toBe('')
  const last = said('first-ledger').trim().split('\n').at(-1) ?? ''
  expect(JSON.parse(last)).toMatchObject({ type: 'rested', data: { state: 'paused', code: 'disk-full' } })
  expect({ code: said('second-code'), error: said('second-error') }).toEqual({ code: '0\n', error: '' })
  fs.rmSync(batches, { recursive: true })
  fs.renameSync(kept, batches)
  const { state } = recordOf(site)
  expect([...state.items.values()].map((one) => [one.standing.kind, one.counted])).toEqual([
    ['done', 0],
    ['done', 0],
  ])
  expect(leftOf(site)).toEqual([])
}, 120_000)
