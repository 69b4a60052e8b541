import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { answer } from '../asked.ts'
import { leftOf, recordOf } from '../kill/batch.ts'
import { type Running, type ScriptedTurn, type Site, makeSite } from '../rig.ts'
import { type Group, JOBS, backlog, gateFile, groups, turnsOf } from './script.ts'

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
  for (const [nth, group] of groups.entries()) ended = await night(group, nth)
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
async function night(group: Group, nth: number): Promise<number | null> {
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

test('every item came to what was scripted for it', async () => {
  expect(ended).toBe(5)
  // The person's own edit is all that is new in the person's tree.
  expect(treeOf()).toBe(` M .codex/autoloop.project.json\n${before}`)
  expect(leftOf(site)).toEqual([])
  const { events } = recordOf(site)
  const report = await answer(site, 0, 'report', '--batch', '--json')
  fs.writeFileSync('/tmp/me/night-report.json', JSON.stringify(report, null, 1))
  fs.writeFileSync('/tmp/me/night-report.md', (await site.cli(['report', '--batch', '--md'])).stdout)
  fs.writeFileSync('/tmp/me/night-events.json', JSON.stringify(events))
})
