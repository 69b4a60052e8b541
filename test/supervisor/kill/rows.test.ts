import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { long } from '../../rig/long.ts'
import { namesIn } from '../../../src/base/names-in.ts'
import { type Ran, type Running, type Site, item, makeSite, startCli } from '../rig.ts'
import { leftOf, ownData, ownGit, recordOf } from './batch.ts'

let site: Site
afterEach(() => site.remove())

async function made(parts: Partial<Parameters<typeof makeSite>[0]> = {}): Promise<void> {
  site = makeSite({ items: { '001-first.md': item() }, ...parts })
  site.script({
    '001': [
      {
        steps: [
          { sh: `echo more >> src/work.txt; touch ${site.at('agent/there')}` },
          { sh: `while test ! -e ${site.at('go')}; do sleep 0.05; done`, may: true },
        ],
      },
    ],
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
}

const go = (): void => fs.writeFileSync(site.at('go'), '')

async function there(run: Running): Promise<void> {
  while (!fs.existsSync(site.at('agent/there'))) {
    if (run.child.exitCode !== null) throw new Error(JSON.stringify(await run.done))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** A batch whose agent was ended by a signal in the middle of its first turn. */
async function paused(): Promise<void> {
  await made()
  const run = site.start(['run', '--json'])
  await there(run)
  run.child.kill('SIGINT')
  expect(await run.done).toMatchObject({ code: 130 })
}

function worktree(): string {
  return path.join(ownData(site), 'worktrees/001')
}

function endsDone(ran: Ran, text: string): void {
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(site.show('src/work.txt')).toBe(text)
  expect(leftOf(site)).toEqual([])
}

/** At the same time. */
const MANY = long ? 20 : 6

describe('the lock', () => {
  test('of many that start at once one works, and the others say so', async () => {
    await made()
    const runs = Array.from({ length: MANY }, () => site.start(['run', '--json']))
    const over = (): number => runs.filter((run) => run.child.exitCode !== null).length
    while (over() < MANY - 1 || !fs.existsSync(site.at('agent/there'))) {
      expect(over()).toBeLessThan(MANY)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    go()
    const ended = await Promise.all(runs.map((run) => run.done))
    expect(ended.map((one) => one.code ?? -1).sort((a, b) => a - b)).toEqual([
      0,
      ...Array<number>(MANY - 1).fill(1),
    ])
    for (const one of ended) if (one.code === 1) expect(one.stdout).toContain('batch-running')
    expect(site.starts()).toHaveLength(1)
  }, 180_000)

  test('of one that was killed is nothing, whatever its file says', async () => {
    await made()
    const run = site.start(['run', '--json'])
    await there(run)
    run.child.kill('SIGKILL')
    await run.done
    const [id = ''] = namesIn(path.join(site.home, 'batches'))
    fs.writeFileSync(path.join(site.home, 'batches', id, 'lock'), '1\n')
    go()
    endsDone(await site.cli(['run', '--json']), 'more\n')
    const { state, events } = recordOf(site)
    expect(state.items.get('001')).toMatchObject({ attempts: 2, counted: 0 })
    const over = events.flatMap((one) => (one.type === 'attempt-ended' ? [one.data] : []))
    expect(over).toMatchObject([{ failure: { kind: 'interrupted' }, counted: false }, { failure: null }])
    expect(ownGit(site, 'show', `${over[0]?.rescue}:src/work.txt`)).toBe('more\n')
  }, 120_000)
})

describe('a worktree', () => {
  if (long)
    test('that is gone is made anew, and the attempt does not count', async () => {
      await paused()
      fs.rmSync(worktree(), { recursive: true })
      go()
      endsDone(await site.cli(['run', '--json']), 'more\n')
      const { state, events } = recordOf(site)
      expect(state.items.get('001')).toMatchObject({ attempts: 2, counted: 0 })
      expect(events.find((one) => one.type === 'attempt-ended')).toMatchObject({
        data: { failure: { kind: 'worktree-gone' }, counted: false },
      })
    }, 120_000)

  test('that a person edited counts as the agent’s', async () => {
    await paused()
    fs.appendFileSync(path.join(worktree(), 'src/work.txt'), 'by a person\n')
    go()
    endsDone(await site.cli(['run', '--json']), 'more\nby a person\nmore\n')
  }, 120_000)
})

describe('the repository', () => {
  if (long)
    test('that was moved is refused until a person says that it is the same, and then all of it comes along', async () => {
      await paused()
      const moved = site.at('moved')
      fs.renameSync(site.repo, moved)
      const cli = (...args: string[]): Promise<Ran> => startCli(moved, args, site.env).done
      const refused = await cli('run', '--json')
      expect({ code: refused.code, says: refused.stdout.includes('repository-moved') }).toEqual({
        code: 1,
        says: true,
      })
      go()
      expect(await cli('run', '--adopt', '--json')).toMatchObject({ code: 0, stderr: '' })
      expect(site.show('src/work.txt')).toBe('more\nmore\n')
      expect(site.starts().map(({ attempt }) => attempt)).toEqual([1, 1])
      expect(await cli('land', '--merge')).toMatchObject({ code: 0 })
      expect(fs.readFileSync(path.join(moved, 'src/work.txt'), 'utf8')).toBe('more\nmore\n')
    }, 120_000)

  if (long)
    test('that is a copy in the place of the first is refused', async () => {
      await paused()
      fs.cpSync(site.repo, site.at('copy'), { recursive: true })
      fs.renameSync(site.repo, site.at('first'))
      fs.renameSync(site.at('copy'), site.repo)
      const refused = await site.cli(['run', '--json'])
      expect({ code: refused.code, says: refused.stdout.includes('repository-moved') }).toEqual({
        code: 1,
        says: true,
      })
      expect(site.starts()).toHaveLength(1)
    }, 120_000)
})

test('a head that a stranger moved halts the batch before anything begins, and it goes on once it is back', async () => {
  await paused()
  const { state } = recordOf(site)
  const ref = `refs/autonomous-loop/heads/${state.opened.batch}`
  ownGit(site, 'update-ref', '-d', ref)
  go()
  const halted = await site.cli(['run', '--json'])
  expect(halted).toMatchObject({ code: 7 })
  expect(recordOf(site).state.rest).toMatchObject({ state: 'halted', code: 'head-moved' })
  expect(site.starts()).toHaveLength(1)
  ownGit(site, 'update-ref', ref, state.head)
  endsDone(await site.cli(['run', '--json']), 'more\nmore\n')
}, 120_000)
