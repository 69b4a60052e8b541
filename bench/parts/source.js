// Ledgers made long, through the product's own code (bundled on the fly: there is no command for it).
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { foldDefine } from '../../scripts/inner-programs.js'
import { root } from './world.js'

const ofSession = `
import { append } from './src/ledger/store.ts'
import { ok } from './src/base/result.ts'
export function grow(home, session, events) {
  const grown = append(home, session, Date.now, (state) =>
    ok(Array.from({ length: events - state.seq }, (_, i) => ({
      type: 'plan',
      data: { plan: Array.from({ length: 5 }, (_, step) => ({ step: 'step ' + step + ' of plan ' + i, status: step < 3 ? 'completed' : step === 3 ? 'in_progress' : 'completed' })) },
    }))))
  if (!grown.ok) throw new Error(grown.error.message)
}
`

/** Attempts that a killed supervisor left, a hundred a day; then the item begins as if there had been none. */
const ofBatch = `
import { openBatchLedger } from './src/supervisor/record/batch-ledger.ts'
const DAY = 24 * 3600_000
export function grow(file, events) {
  let now = Date.now() - DAY * (events / 800 + 1)
  const opened = openBatchLedger(file, () => now, null, () => {})
  if (!opened.ok) throw new Error(opened.error.message)
  const ledger = opened.value
  const items = [...ledger.state().items.keys()]
  const wanted = ledger.state().seq + events
  for (const { fence, item } of ledger.state().attempts.values())
    ledger.append({ type: 'attempt-ended', data: { item, fence, failure: { kind: 'interrupted' }, counted: false, rescue: null, setAside: null } })
  while (ledger.state().seq < wanted) {
    const [begun, all] = [[], []]
    let { fence, head } = ledger.state()
    for (let nth = 0; nth < 100; nth += 1) {
      const item = items[nth % items.length]
      fence += 1
      const of = { item, fence }
      begun.push({
        type: 'attempt-opened',
        data: { ...of, attempt: fence, base: head, digest: '', agent: 'quick' },
      })
      all.push(
        { type: 'worktree-ready', data: { ...of, worktree: item } },
        { type: 'turn-begun', data: { ...of, turn: 1 } },
        { type: 'turn-ended', data: { ...of, outcome: { kind: 'finished', answer: { status: 'complete', summary: 'done' } } } },
        { type: 'candidate', data: { ...of, commit: head, tree: head, changed: [] } },
        { type: 'findings', data: { ...of, findings: [{ kind: 'scope', path: 'src/a.js' }], tree: head } },
        { type: 'attempt-ending', data: { ...of, failure: { kind: 'interrupted' } } },
        { type: 'attempt-ended', data: { ...of, failure: { kind: 'interrupted' }, counted: false, rescue: null, setAside: null } },
      )
    }
    // What is told of an attempt that is not open yet comes too late.
    ledger.append(...begun)
    ledger.append(...all)
    now += DAY
  }
  ledger.append(...items.map((item) => ({ type: 'item-retried', data: { item } })))
  ledger.close()
}
`

/**
 * A batch of one item that is done, told as if it had been so many: its events again for each, its attempt's record beside them. The files of
 * the items are written too.
 */
const ofMany = `
import fs from 'node:fs'
import path from 'node:path'
import { openBatchLedger, readBatch } from './src/supervisor/record/batch-ledger.ts'
import { itemDigest } from './src/backlog/parse-item.ts'
export function grow(file, items) {
  const events = []
  readBatch(file, (event) => events.push(event))
  const [{ data: opened }, ...rest] = events
  const first = opened.items[0]
  const id = (nth) => String(nth + 1).padStart(3, '0')
  const named = (nth) => {
    const to = first.file.replace(first.id, id(nth))
    const text = first.text
    return { id: id(nth), file: to, text, digest: itemDigest({ name: path.basename(to), text }) }
  }
  const all = Array.from({ length: items }, (_, nth) => named(nth))
  for (const one of all) fs.writeFileSync(path.join(opened.top, opened.prefix, one.file), one.text)
  const from = rest.findIndex(({ type }) => type === 'attempt-opened')
  const to = rest.findLastIndex(({ type }) => type === 'attempt-ended') + 1
  fs.rmSync(file)
  let now = opened.at ?? events[0].at
  const ledger = openBatchLedger(file, () => (now += 100), { type: 'batch-opened', data: { ...opened, items: all } }, () => {})
  if (!ledger.ok) throw new Error(ledger.error.message)
  const plain = ({ type, data }) => ({ type, data })
  ledger.value.append(...rest.slice(0, from).map(plain))
  const attempts = path.join(path.dirname(file), 'attempts')
  all.forEach((one, nth) => {
    for (const { type, data } of rest.slice(from, to)) {
      const record = data.record === undefined ? {} : { record: data.record.replace(first.id, one.id) }
      const digest = data.digest === undefined ? {} : { digest: one.digest }
      ledger.value.append({ type, data: { ...data, item: one.id, fence: nth + 1, ...record, ...digest } })
    }
    if (nth > 0) fs.cpSync(path.join(attempts, first.id + '-1'), path.join(attempts, one.id + '-1'), { recursive: true })
  })
  ledger.value.append(...rest.slice(to).map(plain))
  ledger.value.close()
}
`

/** Appends plans until the ledger of a session has so many events. */
export async function grow(home, session, events) {
  await run(home, ofSession, home, session, events)
}

/** Appends so many events to the ledger of a batch. `home`: where the program may lie for a moment. */
export async function growBatch(home, file, events) {
  await run(home, ofBatch, file, events)
}

/** Makes one item that is done into so many. */
export async function manyItems(home, file, items) {
  await run(home, ofMany, file, items)
}

async function run(home, program, ...args) {
  const outfile = path.join(home, `bench-${process.pid}.mjs`)
  await build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'esm',
    // The checkpoints that it leaves are those of the program.
    define: foldDefine(),
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const __filename = import.meta.url;",
    },
    outfile,
  })
  const code = await import(`${pathToFileURL(outfile).href}?${Math.random()}`)
  fs.rmSync(outfile)
  code.grow(...args)
}
