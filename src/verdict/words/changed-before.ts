import type { DefinitionChange } from '../../definition/drift.ts'
import { changeWords } from './definition.ts'

const maxShown = 8

/** What a contract took over that was otherwise when the session began, and what a person does about it; '' for nothing. */
export function changedBeforeWords(changes: readonly DefinitionChange[] | undefined): string {
  if (!changes || changes.length === 0) return ''
  const shown = changes
    .slice(0, maxShown)
    .map((change) => `- ${changeWords(change).replaceAll('\n', '\n  ')}`)
  const rest = changes.length - maxShown
  const files = [...new Set(changes.map((change) => change.file).filter((file) => file !== ''))]
  return [
    'ATTENTION: the gate definition has changed since this session began:',
    ...shown,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    `The contract holds the new state. If you did not want that: type "autonomous-loop disable", put back ${files.slice(0, 3).join(', ')}${files.length > 3 ? ' and the others' : ''}, and arm again.`,
  ].join('\n')
}
