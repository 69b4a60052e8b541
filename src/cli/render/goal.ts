import type { Item } from '../../backlog/item.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import type { GoalNow } from '../../supervisor/goal/read-goal.ts'
import { proofLine } from './item-proof.ts'
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
    ...termsOf(item),
    [quiet('  proof  '), proofLine(item, config), ', in every iteration'],
  ]
}

/** What else its front matter says: limits and an agent of its own, and gates that may be red when it begins. */
function termsOf({ agent, review, mends, exclusive, limits }: Item): Doc {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['agent', agent === null ? [] : [agent]],
    ['review', review === null ? [] : review.length === 0 ? ['nobody'] : review],
    ['limits', Object.entries(limits).map(([name, most]) => `${name} ${most}`)],
    ['mends', mends],
    ['exclusive', exclusive],
  ]
  return rows
    .filter(([, words]) => words.length > 0)
    .map(([name, words]) => [quiet(`  ${name.padEnd(7)}`), words.join(', ')])
}
