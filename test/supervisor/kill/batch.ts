import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { namesIn } from '../../../src/base/names-in.ts'
import { readBatch } from '../../../src/supervisor/record/batch-ledger.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import { isBatchId } from '../../../src/supervisor/batch/paths.ts'
import type { BatchState } from '../../../src/supervisor/record/state.ts'
import { processesOf } from '../../rig/processes.ts'
import type { ScriptedTurn, Site } from '../rig.ts'

/** What the newest batch of a site has on record. */
export function recordOf(site: Site): { readonly state: BatchState; readonly events: readonly BatchEvent[] } {
  const batches = path.join(site.home, 'batches')
  const [id = ''] = fs.readdirSync(batches)
  const found = fs
    .readdirSync(path.join(batches, id))
    .filter(isBatchId)
    .map((name) => path.join(batches, id, name, 'ledger.jsonl'))
    .filter((file) => fs.existsSync(file))
    .flatMap((file) => {
      const events: BatchEvent[] = []
      const read = readBatch(file, (event) => events.push(event))
      expect([file, read.ok ? read.value.torn : read.error]).toEqual([file, null])
      return read.ok && read.value.state !== null ? [{ state: read.value.state, events }] : []
    })
  expect(found).toHaveLength(1)
  return found[0]!
}

/** The ledger of the newest batch, and how many bytes its last line has. */
export function ledgerOf(site: Site): { readonly file: string; readonly last: number } {
  const [id = ''] = namesIn(path.join(site.home, 'batches'))
  const batch =
    namesIn(path.join(site.home, 'batches', id))
      .filter(isBatchId)
      .at(-1) ?? ''
  const file = path.join(site.home, 'batches', id, batch, 'ledger.jsonl')
  const text = fs.readFileSync(file, 'latin1')
  return { file, last: text.length - 1 - text.lastIndexOf('\n', text.length - 2) }
}

/** Where our data of the site's repository lie; a place where nothing is, as long as there are none. */
export function ownData(site: Site): string {
  const [id = 'none'] = namesIn(site.data).filter((name) => /^[0-9a-f]{16}$/.test(name))
  return path.join(site.data, id)
}

/** Git in the repository of ours. */
export function ownGit(site: Site, ...args: string[]): string {
  return execFileSync('git', ['--git-dir', path.join(ownData(site), 'repo.git'), ...args], {
    encoding: 'utf8',
  })
}

/**
 * What a batch came to, in words that do not differ between a run that was left alone and one that was killed: what counts
 * against an item, and what of the head.
 */
export function cameTo(site: Site): object {
  const { state, events } = recordOf(site)
  return {
    rest: state.rest,
    tree: ownGit(site, 'rev-parse', `${state.head}^{tree}`).trim(),
    ref: ownGit(site, 'rev-parse', `refs/autonomous-loop/heads/${state.opened.batch}`).trim() === state.head,
    branch:
      site.git('for-each-ref', '--format=%(objectname)', 'refs/heads/autonomous-loop').trim() === state.head,
    // Whoever works at the same time comes in any order.
    commits: ownGit(site, 'log', '--format=%s', `${state.opened.base}..${state.head}`)
      .trim()
      .split('\n')
      .sort(),
    open: state.attempts.size,
    // Of the base, what is prepared for worktrees is known only once it is on record.
    checked: events.filter((one) => one.type === 'checked' && one.data.what === 'base').length,
    // Nothing that a kill leaves is in the way of the next run.
    waited: events.flatMap((one) => (one.type === 'backed-off' ? [one.data] : [])),
    items: [...state.items].map(([id, { standing, counted, stuck, conflicts }]) => ({
      id,
      standing: standing.kind === 'parked' ? standing : standing.kind,
      counted,
      stuck,
      conflicts,
    })),
  }
}

/** What nobody must find after a batch: processes, locks, mounts, half-made things. */
export function leftOf(site: Site): string[] {
  return [
    ...processesOf(site.dir).map((pid) => `process ${pid}: ${commandOf(pid)}`),
    // The binary's own home is its business.
    ...filesBelow(site.dir)
      .filter((file) => !file.includes('/sandbox-home/'))
      .filter((file) =>
        /\.lock$|\.tmp$|\.new(?:\/|$)|\/scratch\/|\/data\/[^/]*\/[^/]*\/attempts\//.test(file),
      ),
    ...fs
      .readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(site.dir)),
  ]
}

function commandOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return 'gone'
  }
}

function filesBelow(dir: string): string[] {
  return fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((one) => !one.isDirectory())
    .map((one) => path.join(one.parentPath, one.name))
}

/** A step of an agent that leaves a file, ignored by git and like no other, and says so where no rollback reaches. */
export function trace(site: Site): Readonly<Record<string, unknown>> {
  const said = site.at('agent/traces')
  fs.mkdirSync(said, { recursive: true })
  return { sh: `t=$(date +%s%N)-$$; mkdir -p trace; echo $t > trace/$t; cp trace/$t ${said}/` }
}

/** Of what agents left behind, what no ref holds and nothing was set aside with. */
export function lostOf(site: Site): string[] {
  const said = fs.readdirSync(site.at('agent/traces'))
  const held = new Set(
    ownGit(site, 'rev-list', '--objects', '--glob=refs/autonomous-loop')
      .split('\n')
      .map((line) => path.basename(line.slice(line.indexOf(' ') + 1))),
  )
  const lying = new Set(filesBelow(site.data).map((file) => path.basename(file)))
  // What still lies in a worktree is the next agent's, not kept.
  return said.filter((name) => !held.has(name) && !(lying.has(name) && setAside(site).includes(name)))
}

function setAside(site: Site): string[] {
  return filesBelow(site.data)
    .filter((file) => file.includes('/set-aside/'))
    .map((file) => path.basename(file))
}

/** Rescues that are on record and not there. */
export function missingRescues(site: Site): string[] {
  const refs = new Set(ownGit(site, 'for-each-ref', '--format=%(refname)').split('\n'))
  return recordOf(site).events.flatMap((event) =>
    event.type === 'attempt-ended' && event.data.rescue !== null && !refs.has(event.data.rescue)
      ? [event.data.rescue]
      : [],
  )
}

/** Turns with a trace in each. */
export function traced(site: Site, turns: readonly ScriptedTurn[]): readonly ScriptedTurn[] {
  return turns.map((turn) => ({ ...turn, steps: [trace(site), ...(turn.steps ?? [])] }))
}

/** As if nobody had ever worked here. */
export function forget(site: Site): void {
  const branches = site.git('for-each-ref', '--format=%(refname)', 'refs/heads/autonomous-loop')
  for (const branch of branches.split('\n').filter(Boolean)) site.git('update-ref', '-d', branch)
  for (const dir of ['data', 'steps', 'codex-home/autoloop/batches', 'agent/traces'])
    fs.rmSync(site.at(dir), { recursive: true, force: true })
  fs.mkdirSync(site.at('agent/traces'))
}
