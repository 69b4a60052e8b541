import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { never } from '../../../src/base/result.ts'
import { processesOf } from '../../rig/processes.ts'
import { leftOf, ownData } from '../kill/batch.ts'
import { besidesPublished, pictureOf } from '../person.ts'
import { type Ran, type Running, item } from '../rig.ts'
import { comesOf } from './comes.ts'
import type { Driver, Stage } from './driver.ts'
import type { Call, Comes, Scenario } from './scenario.ts'

/** Plays a scenario with the program of one vendor, in a real batch, and asks whether that came of it. */
export async function play(scenario: Scenario, driver: Driver): Promise<void> {
  const stage = await driver.stage({
    turns: scenario.turns,
    site: { items: { '001-cart.md': item({ title: 'Add a cart' }) }, supervisor: scenario.supervisor ?? {} },
  })
  try {
    const { site, vars } = stage
    expect(await site.cli(['allow'], vars)).toMatchObject({ code: 0 })
    const before = pictureOf(site.repo)
    const calls = scenario.except?.[driver.name]?.calls ?? scenario.calls
    const ran: Ran[] = []
    for (const call of calls) {
      if (call.endsSuspension) endSuspensions(stage)
      ran.push(await typed(stage, driver, call))
      // Whoever waits for the exit finds nobody at work; a killed one leaves that to the next.
      if (call.code !== null) expect(leftBy(stage).filter((one) => !one.startsWith(site.dir))).toEqual([])
    }
    expect(leftBy(stage)).toEqual([])
    const said = ran.map(({ code, stderr }) => ({ code, stderr }))
    const wanted = expected(scenario, driver)
    expect({ calls: said, ...comesOf(stage, driver, wanted) }).toEqual({
      calls: calls.map(({ code }) => ({ code, stderr: '' })),
      ...wanted,
    })
    // Nothing of the person's changes, whatever an agent tries.
    expect(besidesPublished(before, pictureOf(site.repo))).toEqual([])
    heard(scenario, driver, stage)
  } finally {
    await stage.close()
  }
}

/** What Codex keeps in its own home is its business. */
const leftBy = ({ site }: Stage): readonly string[] =>
  leftOf(site).filter((one) => !/\/codex-home\/(?!autoloop\/)/.test(one))

function expected({ comes, except }: Scenario, { name, hasConversations }: Driver): Comes {
  const all = { ...comes, ...except?.[name]?.comes }
  return hasConversations ? all : { ...all, conversations: 0 }
}

async function typed(stage: Stage, driver: Driver, call: Call): Promise<Ran> {
  const [name = 'run', ...args] = call.args ?? ['run']
  const running = stage.site.start([name, ...(name === 'run' ? ['--json'] : []), ...args], stage.vars)
  if (call.meanwhile) await meanwhile(stage, driver, running, call.meanwhile)
  return running.done
}

async function meanwhile(
  stage: Stage,
  driver: Driver,
  running: Running,
  act: NonNullable<Call['meanwhile']>,
): Promise<void> {
  if (act.does === 'end-suspension') {
    await running.event((one) => one.type === 'backed-off')
    return endSuspensions(stage)
  }
  const { site, vars } = stage
  const inWorktree = (file: string): string => path.join(ownData(site), 'worktrees/001', file)
  await until(running, () => fs.existsSync(inWorktree(act.at)))
  switch (act.does) {
    case 'ctrl-c':
      running.child.kill('SIGINT')
      return undefined
    case 'kill-supervisor':
      running.child.kill('SIGKILL')
      return undefined
    case 'kill-agent':
      process.kill(programOf(stage, driver), 'SIGKILL')
      return undefined
    case 'stop':
      expect(await site.cli(['stop'], vars)).toMatchObject({ code: 0 })
      fs.writeFileSync(inWorktree(act.makes), '')
      return undefined
    default:
      return never(act, 'act')
  }
}

/** Until it is so, or the run has ended, which then is what is wrong. */
async function until(run: Running, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (run.child.exitCode !== null) throw new Error(JSON.stringify(await run.done))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function programOf({ site }: Stage, driver: Driver): number {
  const found = processesOf(site.dir).filter((pid) => driver.isProgram(commandLine(pid)))
  expect(found).toHaveLength(1)
  return found[0]!
}

function commandLine(pid: number): string[] {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

function endSuspensions({ site }: Stage): void {
  const dir = path.join(site.home, 'providers')
  for (const name of fs.readdirSync(dir)) fs.rmSync(path.join(dir, name))
}

function heard({ hears = {}, remembers = {} }: Scenario, driver: Driver, stage: Stage): void {
  for (const [start, words] of Object.entries(hears)) expect(stage.heard(Number(start))).toContain(words)
  for (const [start, words] of Object.entries(remembers)) {
    const said = stage.heard(Number(start))
    if (driver.hasConversations) expect(said).toContain(words)
    else expect(said).not.toContain(words)
  }
}
