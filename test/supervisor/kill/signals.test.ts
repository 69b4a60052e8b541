import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { long, sampleOf } from '../../rig/long.ts'
import { processesOf } from '../../rig/processes.ts'
import { type Running, type ScriptedTurn, type Site, item, makeSite } from '../rig.ts'
import { leftOf, ownData, recordOf } from './batch.ts'

let site: Site
afterEach(() => site.remove())

/** Writes, says that it is there, and goes on until `go` is there; with a child of its own session. */
const works = (more = ''): readonly ScriptedTurn[] => [
  {
    steps: [
      { sh: `echo more >> src/work.txt; (setsid sleep 1000 &); ${more} touch ${site.at('agent/there')}` },
      { sh: `while test ! -e ${site.at('go')}; do sleep 0.05; done`, may: true },
    ],
  },
]

async function made(parts: Partial<Parameters<typeof makeSite>[0]> = {}): Promise<void> {
  site = makeSite({ items: { '001-first.md': item() }, ...parts })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
}

/** Until it is so, or the run has ended, which then is what is wrong. */
async function until(run: Running, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (run.child.exitCode !== null) throw new Error(JSON.stringify(await run.done))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const seen = (run: Running, file: string): Promise<void> => until(run, () => fs.existsSync(file))

async function signalled(run: Running, signal: NodeJS.Signals): Promise<void> {
  run.child.kill(signal)
  const ran = await run.done
  const code = signal === 'SIGINT' ? 130 : 143
  // Whoever waits for the exit finds nobody at work.
  expect({ code: ran.code, stderr: ran.stderr, left: processesOf(site.dir) }).toEqual({
    code,
    stderr: '',
    left: [],
  })
}

async function standing(): Promise<object> {
  const { stdout } = await site.cli(['status', '--batch', '--json'])
  const { state, code } = JSON.parse(stdout) as { state: string; code: string | null }
  return { state, code }
}

const places = [
  ['in the box', 'on'],
  ['without a sandbox', 'off'],
] as const

describe.each(places)('an agent %s', (_name, sandbox) => {
  test.each(sampleOf(['SIGINT', 'SIGTERM'] as const, 2, sandbox === 'on' ? 0 : 1))(
    'ends with the first %s, and the next run takes up the same turn where it was',
    async (signal) => {
      await made({ sandbox })
      site.script({ '001': works() })
      const run = site.start(['run', '--json'])
      await seen(run, site.at('agent/there'))
      await signalled(run, signal)
      expect(await standing()).toEqual({ state: 'paused', code: 'signal' })
      const before = recordOf(site)
      expect([...before.state.attempts.values()]).toMatchObject([
        { attempt: 1, turn: 0, stage: { at: 'ready' } },
      ])
      expect(before.events.map((one) => one.type)).toContain('turn-ended')

      fs.writeFileSync(site.at('go'), '')
      expect(await site.cli(['run', '--json'])).toMatchObject({ code: 0, stderr: '' })
      expect(site.show('src/work.txt')).toBe('more\nmore\n')
      expect(site.starts().map(({ attempt, turn }) => [attempt, turn])).toEqual([
        [1, 1],
        [1, 1],
      ])
      expect(recordOf(site).state.items.get('001')).toMatchObject({ attempts: 1, counted: 0, spawns: 2 })
      expect(leftOf(site)).toEqual([])
    },
    120_000,
  )

  if (long)
    test('that takes its time after TERM is gone at once with the second signal', async () => {
      const slow = { adapter: 'command', argv: ['sh', 'agent.sh'], sandbox }
      await made({
        supervisor: { agents: { slow } },
        files: {
          'agent.sh':
            "trap 'touch term; sleep 4; touch late; exit 1' TERM; touch there; while :; do sleep 0.05; done\n",
        },
      })
      const run = site.start(['run', '--json'])
      await until(run, () => fs.existsSync(inWorktree('there')))
      run.child.kill('SIGINT')
      await until(run, () => fs.existsSync(inWorktree('term')))
      await signalled(run, 'SIGINT')
      expect(fs.existsSync(inWorktree('late'))).toBe(false)
      expect(await standing()).toEqual({ state: 'paused', code: 'signal' })
    }, 120_000)
})

function inWorktree(file: string): string {
  return path.join(ownData(site), 'worktrees/001', file)
}

/** A gate that does not end by itself as long as the file is there and `go` is not. */
const slowGate = (file: string): Record<string, string> => ({
  'check.sh': `while test -e ${file} && test ! -e go.txt; do sleep 0.05; done\n`,
})

async function gateAtWork(run: Running): Promise<void> {
  const isGate = (pid: number): boolean => {
    try {
      return /(?:^|\/)sh\0check\.sh\0$/.test(fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1'))
    } catch {
      return false
    }
  }
  await until(run, () => processesOf(site.dir).some(isGate))
}

test('a gate at work ends with the signal; what it was to judge is judged by the next run, and nothing counts', async () => {
  await made({ files: slowGate('src/slow.txt') })
  site.script({ '001': [{ steps: [{ write: 'src/slow.txt', text: 'slow\n' }] }] })
  const run = site.start(['run', '--json'])
  await run.event((one) => one.type === 'candidate')
  await gateAtWork(run)
  await signalled(run, 'SIGTERM')
  expect(await standing()).toEqual({ state: 'paused', code: 'signal' })
  expect([...recordOf(site).state.attempts.values()]).toMatchObject([{ turn: 1, stage: { at: 'candidate' } }])

  const again = site.start(['run', '--json'])
  await gateAtWork(again)
  await signalled(again, 'SIGINT')
  expect(site.starts()).toHaveLength(1)
  expect(recordOf(site).state.items.get('001')).toMatchObject({ attempts: 1, counted: 0, spawns: 1 })
}, 120_000)

if (long)
  test('a signal before the batch is opened leaves none', async () => {
    await made({ files: { ...slowGate('src/slow.txt'), 'src/slow.txt': 'slow\n' } })
    const run = site.start(['run', '--json'])
    await gateAtWork(run)
    run.child.kill('SIGINT')
    expect(await run.done).toMatchObject({ code: 130 })
    expect(leftOf(site)).toEqual([])
    const batches = path.join(site.home, 'batches')
    const [id = ''] = fs.readdirSync(batches)
    expect(fs.readdirSync(path.join(batches, id)).filter((name) => /^\d{8}-/.test(name))).toEqual([])
  }, 120_000)

test('whoever reads what it prints goes away: it ends as with a signal, and nobody is left at work', async () => {
  await made({
    items: { '001-first.md': item(), '002-second.md': item({ scope: '[docs/**]', tasks: '' }) },
    supervisor: { jobs: 2 },
  })
  const other = site.at('other')
  site.script({
    '001': works(),
    '002': [
      {
        steps: [
          { sh: `while test ! -e ${other}; do sleep 0.05; done`, may: true },
          { write: 'docs/a.md', text: 'a' },
        ],
      },
    ],
  })
  const run = site.start(['run', '--json'])
  await seen(run, site.at('agent/there'))
  await until(run, () => site.starts().length === 2)
  run.child.stdout?.destroy()
  // What the second item comes to would be printed.
  fs.writeFileSync(other, '')
  const ran = await run.done
  expect({ code: ran.code, stderr: ran.stderr, left: leftOf(site) }).toEqual({
    code: 129,
    stderr: '',
    left: [],
  })
  expect(await standing()).toEqual({ state: 'paused', code: 'signal' })
  expect(recordOf(site).state.items.get('001')).toMatchObject({ counted: 0 })
}, 60_000)
