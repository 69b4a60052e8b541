import type { Judgement } from '../judgement.ts'
import { type Unproved, asksPerson, unprovedPaths } from '../unproved.ts'
import { changeWords } from './definition.ts'
import { listed, short } from './short.ts'

const maxChanges = 6

/** What a release does not vouch for, one sentence; null when it vouches for all. */
export function unprovedWords({
  unproved,
}: {
  readonly unproved?: Unproved | null | undefined
}): string | null {
  switch (unproved?.kind) {
    case undefined:
      return null
    case 'greenfield':
      return 'The start held no source, so nothing told the work from what gives the gates their meaning.'
    case 'definition': {
      const paths = unprovedPaths({ unproved })
      return paths.length === 0 ? null : `Not proved by the start's gates: ${listed(paths)}.`
    }
    default:
      return unproved satisfies never
  }
}

/** Why only a person can say that the work is done, one sentence each; empty when nobody has to. */
export function questionWords({ unproved }: Pick<Judgement, 'unproved'>): readonly string[] {
  if (!asksPerson(unproved)) return []
  return [
    `The gates pass with a definition that the work changed (${unproved.changes
      .slice(0, maxChanges)
      .map((change) => short(changeWords(change)))
      .join(
        '; ',
      )}${unproved.changes.length > maxChanges ? `; and ${unproved.changes.length - maxChanges} more` : ''}).`,
    withStartWords(unproved),
  ]
}

function withStartWords({ look }: Extract<Unproved, { kind: 'definition' }>): string {
  if (look.kind === 'not-possible')
    return `They could not be tried with it as it was at the start: ${short(look.why)}.`
  const failed = look.commands.filter((one) => one.outcome !== 'passed').map((one) => one.name)
  return `With it as it was at the start, ${listed(failed)} ${failed.length === 1 ? 'does' : 'do'} not pass.`
}
