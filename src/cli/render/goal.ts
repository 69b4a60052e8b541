import type { ProjectConfig } from '../../contract/types.ts'
import type { GoalNow } from '../../supervisor/goal/read-goal.ts'
import { gatesOf, proofOf } from './item-proof.ts'
import { type Doc, indented, quiet, strong } from './doc.ts'

/** What a person says yes to: the plan and the rules to the letter, what may change, and what every iteration has to pass. */
export function goalDoc({ frozen, item }: GoalNow, config: ProjectConfig): Doc {
  const rules = frozen.goal?.rules ?? null
  return [
    [strong(item.title)],
    [quiet('  plan   '), frozen.file],
    ...indented(item.prompt, 4),
    ...(rules === null ? [] : [[quiet('  rules  '), rules.file], ...indented(rules.text, 4)]),
    [quiet('  scope  '), item.scope.join(', ')],
    [
      quiet('  proof  '),
      [...proofOf(item), `gates ${gatesOf(item, config).join(', ') || 'none'}`].join('; '),
      ', in every iteration',
    ],
  ]
}
