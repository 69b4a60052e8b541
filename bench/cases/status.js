// What a look costs: `status` beside node itself, on a batch with a long ledger.
import fs from 'node:fs'
import path from 'node:path'
import { makeBatchRepo, startBatch } from '../parts/batch.js'
import { interleave, median, perRound } from '../parts/measure.js'
import { amount } from '../parts/rows.js'
import { growBatch } from '../parts/source.js'
import { bareNode } from '../parts/ways.js'
import { root } from '../parts/world.js'

export const name = 'status'
export const about = 'status of a batch with a long ledger, beside node'

/** Beyond one and a half times node, in ms. */
const MORE = 100

export async function run({ world, rounds, scale }) {
  const events = scale(100_000)
  const repo = makeBatchRepo(world, 'looked-at', { files: 20, items: 40, agent: 'sleep 600' })
  const batch = startBatch(world, repo)
  await batch.event((one) => one.type === 'turn-begun')
  batch.child.kill('SIGINT')
  await batch.done
  const dir = ledgerDir(world)
  await growBatch(world.home, path.join(dir, 'ledger.jsonl'), events)
  const status = (...args) => ({
    argv: [process.execPath, path.join(root, 'bin', 'autonomous-loop.js'), 'status', '--json', ...args],
    cwd: repo,
    env: world.env,
    check(out) {
      const said = JSON.parse(out)
      const items = (said.batch?.items ?? said.items).length
      if (items !== 40) throw new Error(`expected 40 items, got ${out}`)
    },
  })
  const ways = { node: bareNode, plain: status(), batch: status('--batch') }
  const samples = interleave(ways, rounds(15))
  const checkpoint = path.join(dir, 'checkpoint')
  const size = fs.statSync(checkpoint).size / 1e6
  fs.rmSync(checkpoint)
  const whole = interleave({ node: bareNode, batch: status('--batch') }, rounds(5))
  const long = events.toLocaleString('en')
  return [
    beside(`status, ${long} events, beside 1.5 × node + ${MORE} ms`, samples, 'plain', 1),
    beside('… status --batch', samples, 'batch', 1),
    beside('… without its checkpoint', whole, 'batch', null),
    amount('… checkpoint', size, 'MB', null),
  ]
}

/** The share of what it may take. */
function beside(name, samples, ours, limit) {
  return {
    name,
    figure: perRound(samples, (one) => one[ours] / (1.5 * one.node + MORE)),
    unit: '×',
    limit,
    ms: median(samples[ours]),
    referenceMs: median(samples.node),
    reference: 'node',
  }
}

function ledgerDir(world) {
  const top = path.join(world.home, 'batches')
  const dirs = fs
    .readdirSync(top)
    .flatMap((repo) => fs.readdirSync(path.join(top, repo)).map((one) => path.join(top, repo, one)))
    .filter((dir) => fs.existsSync(path.join(dir, 'ledger.jsonl')))
  return dirs.toSorted((a, b) => mtime(b) - mtime(a))[0]
}

const mtime = (dir) => fs.statSync(path.join(dir, 'ledger.jsonl')).mtimeMs
