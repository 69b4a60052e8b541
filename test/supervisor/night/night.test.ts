import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { answer } from '../asked.ts'
import type { Happening } from '../../../src/views/batch-report/night.ts'
import type { BatchReport } from '../../../src/views/batch-report/shape.ts'
import { leftOf } from '../kill/batch.ts'
import { type Running, type ScriptedTurn, type Site, makeSite } from '../rig.ts'
import {
  type Group,
  JOBS,
  type Planned,
  backlog,
  claimOf,
  fileOf,
  gateFile,
  groups,
  planned,
  turnsOf,
} from './script.ts'

/* A night in small, by the real command line: what happened is scripted, and what a person is told in the morning is held against it. */

let site: Site
let ended: number | null = null
/** Bytes of the person's tree before anything began. */
let before: string

beforeAll(async () => {
  site = makeSite({ items: backlog, supervisor: { jobs: JOBS } })
  site.script(
    Object.fromEntries(
      groups.flatMap(({ items, happening }, group) =>
        items.map((one, at): [string, readonly ScriptedTurn[]] => {
          const waits = `until [ -e '${site.at(gateFile(group))}' ]; do sleep 0.02; done`
          const turns = turnsOf(one, waits)
          // The first of a group meets the quota, while the others of it are at work.
          const quota = happening === 'quota' && at === 0
          return [one.id, quota ? [...turns, { start: 1, ...atQuota(waits) }] : turns]
        }),
      ),
    ),
  )
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  before = treeOf()
  for (const [nth, group] of groups.entries()) ended = await letHappen(group, nth)
}, 1_800_000)
afterAll(() => site.remove())

/** Ends with what a command says whose quota is used up for a second. */
function atQuota(waits: string): Omit<ScriptedTurn, 'start'> {
  const said = `printf '{"resets_at": %s}' $(($(date +%s) + 1)) > "$AUTONOMOUS_LOOP_RESULT_FILE"`
  return { steps: [{ sh: waits }, { sh: said }], exit: 75 }
}

const treeOf = (): string => `${site.git('status', '--porcelain')}${site.git('rev-parse', 'HEAD')}`

let running: Running | undefined

/** Lets one group happen. The exit status of the batch, where it ended. */
async function letHappen(group: Group, nth: number): Promise<number | null> {
  const ids = group.items.map((one) => one.id)
  running ??= site.start(['run', '--json'])
  await allAtWork(running, ids)
  if (group.happening === 'kill') {
    running.child.kill('SIGKILL')
    await running.done
    running = site.start(['run', '--json'])
    await allAtWork(running, ids)
  }
  const go = (): void => fs.writeFileSync(site.at(gateFile(nth)), '')
  if (group.happening === 'config') {
    const config = path.join(site.repo, '.codex/autoloop.project.json')
    const text = fs.readFileSync(config, 'utf8')
    fs.writeFileSync(config, text.replace('"network": "none"', '"network": "none", "timeoutSeconds": 300'))
    // Turns at work go on to their end, and nothing of them is judged.
    go()
    expect((await running.done).code).toBe(6)
    expect(await answer(site, 6, 'status', '--batch', '--check')).toMatchObject({ code: 'config-changed' })
    await answer(site, 0, 'allow', '--amend')
    running = site.start(['run', '--json'])
  }
  go()
  if (nth < groups.length - 1) return null
  return (await running.done).code
}

/** Every agent of a group has begun, in this process. */
async function allAtWork(run: Running, ids: readonly string[]): Promise<void> {
  const owner = run.child.pid
  expect(owner).toBeDefined()
  for (const id of ids) await run.event(({ type, data }) => type === 'turn-begun' && data.item === id)
}

test('the report of the morning says what was scripted, line by line, and nothing else', async () => {
  expect(ended).toBe(5)
  // The person's own edit is all that is new in the person's tree.
  expect(treeOf()).toBe(` M .codex/autoloop.project.json\n${before}`)
  expect(leftOf(site)).toEqual([])

  // The target moves before the work lands.
  site.git('commit', '-qam', 'other work')
  const landed = await answer(site, 0, 'land', '--merge', '--json')
  expect(landed).toMatchObject({ joined: true })
  expect(planned.map(({ id }) => fs.existsSync(path.join(site.repo, fileOf(id))))).toEqual(
    planned.map(({ way }) => way !== 'gives-up'),
  )

  const report = (await answer(site, 0, 'report', '--batch', '--json')) as unknown as BatchReport
  expect(itemLines(report)).toEqual(planned.map(itemLine))
  expect(report.verified.map((one) => `${one.item} ${one.gates.map(({ name }) => name).join(' ')}`)).toEqual(
    planned.flatMap(({ id, way }) => (way === 'gives-up' ? [] : [`${id} test`])),
  )
  const claims = report.claimed.toSorted((a, b) => Number(a.item) - Number(b.item))
  expect(claims.map((one) => [one.item, one.text, one.verified])).toEqual(
    planned.map(({ id, way }) => [id, claimOf(id, way), way !== 'gives-up']),
  )
  expect(interruptions(report)).toEqual([...groups.flatMap(interruptionsOf), 'landed, joined'])
  const parked = planned.at(-1)!.id
  expect(report.needs_you).toMatchObject([
    { kind: 'item', item: parked, code: 'blocked', command: `autonomous-loop retry ${parked}` },
  ])
  expect(report.record).toMatchObject({ holds: true, problems: [] })
  const reds = planned.filter(({ way }) => way === 'breaks-first').length
  expect(report.gates).toMatchObject([{ name: 'test', failed: reds, could_not_run: 0, flaky: [] }])
})

/** State, attempts, turns, and whether it is on the target. */
function itemLines({ items }: BatchReport): readonly string[] {
  return items.map(
    (one) =>
      `${one.id} ${one.state}${one.code === null ? '' : `: ${one.code}`}, ${one.attempts} attempts, ${one.turns} turns${one.landed ? ', landed' : ''}`,
  )
}

/** Its agent has a conversation of its own at each attempt, so that a kill costs it one; a quota costs none, and no turn. */
function itemLine({ id, group, way }: Planned): string {
  const killed = groups[group]!.happening === 'kill' ? 1 : 0
  const turns = killed + (way === 'honest' || way === 'gives-up' ? 1 : 2)
  const state = way === 'gives-up' ? 'parked: blocked' : 'done'
  return `${id} ${state}, ${1 + killed} attempts, ${turns} turns${way === 'gives-up' ? '' : ', landed'}`
}

function interruptions({ night }: BatchReport): readonly string[] {
  return night.filter((one) => one.interrupts).map(interruption)
}

function interruption(one: Happening): string {
  if (one.kind === 'killed') {
    const items = one.in_work.map(({ item }) => item).toSorted()
    return `killed with ${items.join(' ')}`
  }
  if (one.kind === 'began') return `began after ${one.after}`
  if (one.kind === 'turn-failed') return `${one.item} ended with ${one.outcome}`
  if (one.kind === 'suspended')
    return `${one.agent} waited for ${one.why} ${one.times} times, and went on: ${one.resumed !== null}`
  if (one.kind === 'rested') return `${one.state}: ${one.code}`
  return one.kind === 'landed' && one.joined ? 'landed, joined' : one.kind
}

function interruptionsOf({ happening, items }: Group): readonly string[] {
  const ids = items.map((one) => one.id)
  switch (happening) {
    case 'kill':
      return [`killed with ${ids.join(' ')}`, 'began after killed']
    case 'quota':
      return [`${ids[0]} ended with quota`, 'fake waited for quota 1 times, and went on: true']
    case 'config':
      return ['paused: config-changed', 'config-amended', 'began after paused']
    case 'nothing':
      return []
    default:
      throw new Error(`no such happening: ${String(happening satisfies never)}`)
  }
}
