// Measures what the product costs beside what its surroundings cost. Usage: npm run bench -- [options]
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { makeWorld, root } from './parts/world.js'
import { printTable } from './parts/table.js'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    shape: { type: 'string', multiple: true },
    long: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
    compare: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (options.help) {
  process.stdout.write(`npm run bench -- [options]
  --only <case>    only this case (repeat it for more): off active released tracked plain transcript ledger gates box room day growth batch supervisor status
  --shape <word>   of the case day only repositories with this in their name: Express Vite pnpm Python Go cargo
  --long           growth also with 400,000 files, day with more than 1 GB of node_modules
  --quick          a hundredth of the sizes and few rounds: shows that the cases work, the figures mean little
  --json           JSON on stdout instead of the table
  --out <file>     JSON into a file
  --compare <file> beside the figures of an earlier --out or --json
`)
  process.exit(0)
}

const names = [
  'off',
  'active',
  'released',
  'tracked',
  'plain',
  'transcript',
  'ledger',
  'gates',
  'box',
  'room',
  'day',
  'growth',
  'batch',
  'supervisor',
  'status',
]
const wanted = options.only ?? names
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`no such case: ${unknown.join(', ')}; there are ${names.join(', ')}\n`)
  process.exit(2)
}
const before = options.compare ? JSON.parse(fs.readFileSync(options.compare, 'utf8')) : null

const world = makeWorld()
// Also on Ctrl-C: half a million files are not to stay.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    world.remove()
    process.exit(130)
  })
const cases = []
try {
  for (const name of wanted) {
    const one = await import(`./cases/${name}.js`)
    const begin = Date.now()
    if (!options.json) process.stderr.write(`${name}: ${one.about} … `)
    const rows = await one.run({
      world,
      long: options.long,
      shapes: options.shape,
      rounds: (count) => (options.quick ? Math.min(2, count) : count),
      scale: (size) => (options.quick ? Math.max(300, Math.floor(size / 100)) : size),
    })
    cases.push({ name, about: one.about, seconds: (Date.now() - begin) / 1000, rows })
    // After each case, so that a run that is cut short leaves what it has.
    if (options.out) fs.writeFileSync(options.out, `${JSON.stringify(resultNow(), null, 2)}\n`)
    if (!options.json) process.stderr.write(`${Math.round((Date.now() - begin) / 1000)} s\n`)
  }
} finally {
  world.remove()
}

const result = resultNow()
if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
else printTable(result, before)

function resultNow() {
  return { v: 1, at: new Date().toISOString(), quick: options.quick, machine: machine(), cases }
}

function machine() {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'))
  return {
    version,
    commit: run('git', ['-C', root, 'rev-parse', '--short', 'HEAD']),
    node: process.version,
    git: run('git', ['--version']).replace('git version ', ''),
    os: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: `${os.availableParallelism()} × ${os.cpus()[0]?.model ?? '?'}`,
    load: os.loadavg().map((each) => Math.round(each * 10) / 10),
  }
}

function run(file, args) {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return '?'
  }
}
