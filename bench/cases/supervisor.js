import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WORK, makeBatchRepo, startBatch, wholeBatch } from '../parts/batch.js'
import { median, perRound } from '../parts/measure.js'
import { amount, extra } from '../parts/rows.js'
import { growBatch, manyItems } from '../parts/source.js'

export const name = 'supervisor'
export const about = 'a supervisor with several agents, with a long ledger, and when it is stopped'

const FILES = 1_000
const AGENTS = 8

export async function run({ world, rounds, scale }) {
  const long = scale(100_000)
  const starts = await startsAfterKill(world, long, rounds(5))
  const busy = await withAgents(world, rounds(20) * 1000)
  return [
    amount('16 items of 2 s with 4 jobs, beside ideal', await fourJobs(world), '×', 1.15),
    amount(
      `start after SIGKILL, ${long.toLocaleString('en')} events`,
      perRound(starts, (one) => one.long),
      'ms',
      2000,
    ),
    extra('… beside a short ledger', starts, 'long', 'short', null),
    amount(`memory with ${AGENTS} agents`, busy.memory, 'MB', 120),
    amount('processor while they work', busy.percent, '%', 0.1),
    amount('Ctrl-C until no child is left', busy.stopped, 'ms', 6000),
    amount('report of 200 items, as a page', await report(world, rounds(5)), 'ms', 3000),
  ]
}

/** From the first attempt to the end of the last one; ideal are four rows of four. */
async function fourJobs(world) {
  const repo = makeBatchRepo(world, 'four-jobs', {
    files: FILES,
    items: 16,
    jobs: 4,
    agent: `sleep 2; ${WORK}`,
  })
  spawnSync('sync')
  const events = await wholeBatch(world, repo)
  const begin = events.find((one) => one.type === 'attempt-opened').at
  const end = events.findLast((one) => one.type === 'attempt-ended').at
  return (end - begin) / 8000
}

/** Milliseconds from the start of the program until it has taken over what a killed one left. */
async function startsAfterKill(world, long, rounds) {
  const samples = { short: [], long: [] }
  for (const [size, events] of [
    ['short', 0],
    ['long', long],
  ]) {
    const repo = makeBatchRepo(world, `killed-${size}`, { files: FILES, items: 20, agent: 'sleep 600' })
    const { batch, file } = await killed(world, startBatch(world, repo))
    if (events > 0) await growBatch(world.home, file, events)
    spawnSync('sync')
    for (let round = 0; round < rounds; round += 1) {
      const begin = Date.now()
      const again = startBatch(world, repo)
      await again.event((one) => one.type === 'started')
      samples[size].push(Date.now() - begin)
      const next = await killed(world, again)
      if (next.batch !== batch) throw new Error('another batch was begun')
    }
    // Nothing of it is to be at work beside what is measured next.
    const last = startBatch(world, repo)
    await last.event((one) => one.type === 'started')
    last.child.kill('SIGINT')
    await last.done
  }
  return samples
}

/** Milliseconds of the command, which reads two hundred ledgers. */
async function report(world, rounds) {
  const repo = makeBatchRepo(world, 'many', { files: FILES, items: 1 })
  const events = await wholeBatch(world, repo)
  const { repoId, batch } = events.find((one) => one.type === 'batch-opened').data
  await manyItems(world.home, path.join(world.home, 'batches', repoId, batch, 'ledger.jsonl'), 200)
  const page = path.join(world.dir, 'report.html')
  const took = Array.from({ length: rounds }, () => {
    const begin = Date.now()
    world.cli(['report', '--batch', '--html', page], repo)
    return Date.now() - begin
  })
  if (!fs.readFileSync(page, 'utf8').includes('200 of 200 items verified'))
    throw new Error('the page lacks items')
  return median(took)
}

/** Kills a supervisor as soon as its agent works. */
async function killed(world, { child, done, event }) {
  await event((one) => one.type === 'turn-begun')
  child.kill('SIGKILL')
  await done
  const top = path.join(world.home, 'batches')
  const files = fs
    .readdirSync(top)
    .flatMap((repo) => fs.readdirSync(path.join(top, repo)).map((batch) => ({ repo, batch })))
    .map(({ repo, batch }) => ({ batch, file: path.join(top, repo, batch, 'ledger.jsonl') }))
    .filter(({ file }) => fs.existsSync(file))
  return files.toSorted((a, b) => fs.statSync(b.file).mtimeMs - fs.statSync(a.file).mtimeMs)[0]
}

/** Agents that sleep and hear no TERM: what the supervisor takes meanwhile, and how long they live after Ctrl-C. */
async function withAgents(world, ms) {
  const repo = makeBatchRepo(world, 'agents', {
    files: FILES,
    items: AGENTS,
    jobs: AGENTS,
    agent: "trap '' TERM INT; sleep 600 & sleep 600",
  })
  const { child, done, event } = startBatch(world, repo)
  const begun = new Set()
  await event((one) => {
    if (one.type === 'turn-begun') begun.add(one.data.fence)
    return begun.size === AGENTS
  })
  await sleep(2000)
  const before = usedBy(child.pid)
  await sleep(ms)
  const after = usedBy(child.pid)
  const children = descendantsOf(child.pid)
  const begin = Date.now()
  child.kill('SIGINT')
  while (children.some(isAlive)) await sleep(20)
  const stopped = Date.now() - begin
  await done
  return { memory: after.peak, percent: ((after.ms - before.ms) / ms) * 100, stopped }
}

/** Milliseconds of processor and most MB of memory so far. */
function usedBy(pid) {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [, kB] = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return { ms: (Number(fields[11]) + Number(fields[12])) * 10, peak: (Number(kB) * 1024) / 1e6 }
}

function descendantsOf(pid) {
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number)
  return children.flatMap((one) => [one, ...descendantsOf(one)])
}

function isAlive(pid) {
  try {
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
