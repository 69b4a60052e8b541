import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { long, sampleOf } from '../rig/long.ts'
import { type World, codes, makeWorld } from './world.ts'

/*
 * What an agent without a sandbox can do to the record. It can end the holding (the sandbox is what prevents that); it
 * must not get a release out of it, and it must be evident.
 */
let world: World
let close: () => Promise<void>
beforeAll(async () => {
  ;({ world, close } = await makeWorld())
})
afterAll(() => close())
beforeEach(() => world.reset())

const task = { id: 'T1', title: 'Write the greeting', evidence: [{ kind: 'pathChanged', glob: 'src/**' }] }
const failedClosed = { continue: false, stopReason: expect.stringContaining('failed closed') }
const blocked = { decision: 'block' }
const L = '"$AL"/sessions/*/ledger.jsonl'
const M = '"$AL"/armed/[0-9a-f]*'
const B = '"$AL"/sessions/*/baseline-*'

describe('the record of a run', () => {
  /** What is done after the first block; what the next stop answers; what audit names besides the missing transcript. */
  const rows: readonly [string, string, unknown, readonly string[]][] = [
    [
      'a word of the ledger changed',
      `sed -i 's/Write the greeting/Write a greeting/' ${L}`,
      failedClosed,
      ['ledger-broken'],
    ],
    ['the last line taken away', `sed -i '$d' ${L}`, blocked, []],
    ['the middle taken away', `sed -i '2d' ${L}`, failedClosed, ['ledger-broken']],
    ['the ledger emptied', `for f in ${L}; do : > "$f"; done`, failedClosed, ['ledger-missing']],
    ['the ledger deleted', `rm ${L}`, failedClosed, ['ledger-missing']],
    [
      'a FIFO as the ledger',
      `for f in ${L}; do rm "$f"; mkfifo "$f"; done`,
      failedClosed,
      ['ledger-unreadable'],
    ],
    [
      'a link as the ledger',
      `for f in ${L}; do mv "$f" "$AL/l"; ln -s "$AL/l" "$f"; done`,
      failedClosed,
      ['ledger-unreadable'],
    ],
    [
      'garbage appended',
      `for f in ${L}; do printf '{"type":"stop","verdict":"release"}\\n' >> "$f"; done`,
      blocked,
      [],
    ],
    [
      'a release appended without its hash',
      `for f in ${L}; do printf '{"seq":4,"at":1,"type":"closed","data":{"how":"released","by":"hook","reason":null},"prev":"x","hash":"%064d"}\\n' 0 >> "$f"; done`,
      failedClosed,
      ['ledger-broken'],
    ],
    ['the marker deleted', `rm ${M}`, failedClosed, ['marker-missing']],
    ['a marker of garbage', `for f in ${M}; do echo x > "$f"; done`, failedClosed, ['marker-unreadable']],
    [
      'a FIFO as the marker',
      `for f in ${M}; do rm "$f"; mkfifo "$f"; done`,
      failedClosed,
      ['marker-unreadable'],
    ],
    ['the baseline deleted', `rm ${B}`, failedClosed, ['baseline-missing']],
    ['the baseline exchanged', `for f in ${B}; do echo x > "$f"; done`, failedClosed, ['baseline-changed']],
    [
      'the home made unreadable for the hook',
      `mv "$AL/sessions" "$AL/s"; echo x > "$AL/sessions"`,
      failedClosed,
      ['ledger-unreadable'],
    ],
  ]
  test.each(sampleOf(rows, 4))('%s', async (_what, attack, expected, found) => {
    world.armWith(task)
    expect(world.stop()).toMatchObject(blocked)
    world.agent(attack)
    const said = world.stop()
    expect(said).toMatchObject(expected as object)
    expect(JSON.stringify(said)).not.toContain('autonomous-loop: released')
    expect((await world.state()).state).not.toBe('released')
    expect(codes(await world.audit())).toEqual(expect.arrayContaining([...found]))
  })

  test('marker and session mark deleted: a stop that is still seen says so, nothing is released, doctor and audit say it', async () => {
    const { lab } = world
    world.armWith(task)
    world.stop()
    world.agent(`rm ${M} "$AL"/sessions/*/open`)
    // The directory of its requests is there still, so a hook is started and finds the open run in the ledger.
    expect(world.stop()).toMatchObject({
      continue: false,
      stopReason: expect.stringContaining('has no marker'),
    })
    expect((await world.state()).state).toBe('active')
    expect((await lab.cli(['status', '--cwd', lab.repo, '--check'])).code).toBe(4)
    const doctor = JSON.parse((await lab.cli(['doctor', '--cwd', lab.repo])).stdout)
    expect(doctor).toMatchObject({ ok: false, checks: { open_runs: { ok: false } } })
    expect(codes(await world.audit())).toContain('marker-missing')
    // The session is told as soon as a hook is started for another reason.
    expect(world.start()).toMatchObject({ systemMessage: expect.stringContaining('does not hold') })
  })

  if (long)
    test('the whole home put back as it was before: no release either, and the session says it has no run', async () => {
      world.start()
      const old = path.join(world.lab.dir, 'old-home')
      fs.cpSync(world.lab.home, old, { recursive: true })
      world.arm()
      world.stop()
      world.agent(`rm -r "$AL"; mv '${old}' "$AL"`)
      expect(world.stop()).toBeNull()
      expect((await world.state()).state).toBe('none')
    })

  if (long)
    test('the whole home deleted: the hook is gone with it, and so is every claim of a release', async () => {
      world.armWith(task)
      world.stop()
      world.agent('rm -r "$AL"')
      expect(world.stop()).toMatchObject({ gone: expect.stringContaining('ENOENT') })
      expect((await world.state()).state).toBe('none')
    })

  if (long)
    test('a live record with other pins and another HEAD does not loosen a run that is open', async () => {
      world.armWith(task)
      world.agent(
        `for f in "$AL"/live/*; do sed -i 's/"pins":\\[.*\\]/"pins":[]/; s/"head":"[0-9a-f]*"/"head":null/' "$f"; done`,
      )
      world.agent(`sed -i 's#node test/check.js#true#' package.json; mkdir -p src; echo x > src/greeting.txt`)
      expect(world.stop().reason).toContain('The gate definition has changed')
    })
})
