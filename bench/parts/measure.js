// Times processes: every way of a case in turn (A B C A B C …), so that what else the machine does hits all alike.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const peakModule = path.join(path.dirname(fileURLToPath(import.meta.url)), 'peak.cjs')

/**
 * `ways`: name → `{argv, input?, cwd?, env?, before?, check?}`. `before` runs unmeasured ahead of each sample; `check`
 * gets stdout and throws when the answer is not the one that was to be measured. Gives the samples in ms by name.
 */
export function interleave(ways, rounds, warmups = 1) {
  // What a case before this one wrote would still be on its way to the disk, and slow every fsync.
  spawnSync('sync')
  const samples = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let round = -warmups; round < rounds; round += 1)
    for (const [name, way] of Object.entries(ways)) {
      way.before?.()
      const ms = once(way)
      if (round >= 0) samples[name].push(ms)
    }
  return samples
}

function once({ argv, input, cwd, env, check }) {
  const [file, ...args] = argv
  const options = {
    cwd,
    env: env ?? process.env,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
    maxBuffer: 1 << 30,
  }
  const begin = process.hrtime.bigint()
  const ran = spawnSync(file, args, options)
  const ms = Number(process.hrtime.bigint() - begin) / 1e6
  if (ran.status !== 0)
    throw new Error(`${argv.join(' ')} ended with ${ran.status ?? ran.signal ?? ran.error}: ${ran.stderr}`)
  check?.(ran.stdout.toString('utf8'))
  return ms
}

/** Highest resident memory of a node process in MB (ru_maxrss of the process itself, its threads included). */
export function peakOf(script, args, { input, cwd, env }) {
  const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'bench-peak-')), 'peak')
  try {
    const ran = spawnSync(process.execPath, ['--require', peakModule, script, ...args], {
      cwd,
      env: { ...env, BENCH_PEAK_FILE: report },
      input,
      maxBuffer: 1 << 28,
    })
    if (ran.status !== 0) throw new Error(`${script} ${args.join(' ')}: ${ran.stdout}${ran.stderr}`)
    return Number(fs.readFileSync(report, 'utf8')) / 1024
  } finally {
    fs.rmSync(path.dirname(report), { recursive: true, force: true })
  }
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Median over the rounds of a figure made from the samples of one round: neighbours in time share the machine's mood. */
export function perRound(samples, figure) {
  const rounds = Math.min(...Object.values(samples).map((list) => list.length))
  return median(
    Array.from({ length: rounds }, (_, i) =>
      figure(Object.fromEntries(Object.entries(samples).map(([name, list]) => [name, list[i]]))),
    ),
  )
}
