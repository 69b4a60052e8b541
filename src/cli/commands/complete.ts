import { readItemName } from '../../backlog/item-id.ts'
import { readBacklogFiles } from '../../backlog/read-backlog.ts'
import { oneLine } from '../../base/text.ts'
import { ok } from '../../base/result.ts'
import { parseProjectConfig } from '../../contract/config.ts'
import { contractNames } from '../../control/contract-place.ts'
import { runsInPlace } from '../../control/known-runs.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { isOpen } from '../../verdict/standing.ts'
import { readConfigText } from '../../definition/config-text.ts'
import type { Context } from '../../records/context.ts'
import { type CliCommand, command } from '../command.ts'
import { type Candidate, type Known, complete } from '../complete.ts'
import type { Entry } from '../entry.ts'
import type { Table } from '../table.ts'
import { plainText } from '../outcome.ts'
import { hookEvents } from './hook.ts'

const mostIds = 50

/**
 * `complete -- <words>`: what the shell may offer, a line each, with a tab before what it is; `:files` and
 * `:directories` stand for what the shell knows better. The scripts of `completion` call it.
 */
export const completeFor = (table: Table): CliCommand =>
  command({
    flags: {},
    rest: 'words as far as they are typed',
    run: async ({ rest }, { context }) => {
      const { candidates, paths } = await complete(rest, knownHere(table, context))
      return ok(
        plainText([
          ...candidates.map(({ word, about }) => `${word}\t${oneLine(about, 60)}`),
          ...(paths === 'none' ? [] : [`:${paths}`]),
        ]),
      )
    },
  })

function knownHere(table: Table, context: Context): Known {
  const { env } = context
  const root = findRepoRoot(env.cwd)
  return {
    table,
    ids: (entry, begun) => ids(context, root, entry, begun),
    items: () => items(root),
    contracts: () => contractNames(root),
    profiles: () => {
      const text = readConfigText(root)
      const config = text.ok ? parseProjectConfig(text.value.text, text.value.path) : text
      return config.ok ? Object.keys(config.value.gateProfiles) : []
    },
    hookEvents,
  }
}

/** Items of the backlog as their files are named. */
function items(root: string): Candidate[] {
  return readBacklogFiles(root).texts.flatMap(({ name }) => {
    const named = readItemName(name)
    return named === null ? [] : [{ word: named.id, about: named.slug }]
  })
}

/** Runs of this repository, newest first, or any that the typed beginning fits; a run that is over can only be looked at. */
function ids({ env }: Context, root: string, entry: Entry, begun: string): Candidate[] {
  const steers = ['pause', 'resume', 'disable', 'waive', 'amend', 'check'].includes(entry.same ?? entry.name)
  const runs = runsInPlace(env.home)
    .filter(({ run }) => (!steers || isOpen(run)) && (begun !== '' || run.activation.repoRoot === root))
    .sort((a, b) => b.run.createdAt - a.run.createdAt)
    .slice(0, mostIds)
  const sessions = new Set(runs.map(({ sessionId }) => sessionId))
  return [
    ...runs.map(({ run }) => ({
      word: run.runId.slice(0, Math.max(12, begun.length)),
      about: `${run.status}: ${run.contract.objective}`,
    })),
    // Both begin with digits, and a person has read the short one; the long one is for who began to type it.
    ...(begun === '' ? [] : [...sessions].map((word) => ({ word, about: 'a session' }))),
  ]
}
