import type { Allowance } from '../../control/allow.ts'
import { type Doc, type Span, good, quiet, strong, warn } from './doc.ts'
import { gatesOf, proofLine, proofOf } from './item-proof.ts'

/** Items that were accepted with the config, for machines; null without a backlog. */
export function backlogAnswer({ backlog, config }: Allowance, dry: boolean): object | null {
  if (backlog === null) return null
  const { items, problems } = backlog
  return {
    accepted: problems.length === 0 && (!dry || items.every(({ standing }) => standing === 'accepted')),
    items: items.map(({ item, standing }) => ({
      id: item.id,
      title: item.title,
      file: item.file,
      digest: item.digest,
      standing,
      scope: item.scope,
      proof: proofOf(item),
      gates: gatesOf(item, config),
    })),
    problems,
  }
}

/** The same for a person: what each item may change and what proves it, and which of them are new or changed. */
export function backlogDoc({ backlog, config }: Allowance, dry: boolean): Doc {
  if (backlog === null) return []
  const { items, problems } = backlog
  const open = items.filter(({ standing }) => standing !== 'accepted').length
  const count = `${items.length} ${items.length === 1 ? 'item' : 'items'}, ${open} of them new or changed`
  return [
    problems.length > 0
      ? [
          warn('  Backlog: none of its items is accepted'),
          `, it has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}: `,
          strong('autonomous-loop backlog lint'),
        ]
      : [dry && open > 0 ? warn('  Backlog, not accepted yet') : good('  Backlog accepted'), `: ${count}`],
    ...items.flatMap(({ item, standing }): Doc => [
      [
        '    ',
        strong(item.id),
        ' ',
        item.title,
        ...(standing === 'accepted' ? [] : [standingWord(standing)]),
      ],
      [quiet(`        scope  `), item.scope.join(', ')],
      [quiet(`        proof  `), proofLine(item, config)],
    ]),
  ]
}

function standingWord(standing: 'new' | 'changed'): Span {
  return warn(` (${standing})`)
}
