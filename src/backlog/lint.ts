import { didYouMean } from '../base/nearest.ts'
import { bounded, show, where } from '../contract/problem.ts'
import { profileOf } from '../contract/choices.ts'
import { supervisorOf } from '../contract/supervisor/settings.ts'
import { cycles } from '../contract/task-graph.ts'
import type { Problem, ProjectConfig } from '../contract/types.ts'
import { evidenceProblems } from './evidence-lint.ts'
import { type BacklogProblem, type Item, backlogDirectory } from './item.ts'
import { scopeEntryProblem } from './scope-lint.ts'

/**
 * What is wrong with items taken together, and with what they name; each of them was read without problems by itself. `unread`:
 * ids of files that could not be read, which exist all the same. All problems at once. Pure.
 */
export function lint(
  items: readonly Item[],
  config: ProjectConfig,
  unread: readonly string[] = [],
): readonly BacklogProblem[] {
  const ids = [...new Set([...items.map((one) => one.id), ...unread])].sort()
  const agents = Object.keys(supervisorOf(config).agents)
  const final = profileOf(config, config.defaults.finalGateProfile) ?? []
  return [
    ...noItems(ids),
    ...cycleProblems(items),
    ...items.flatMap((item) =>
      [
        ...duplicate(item, items),
        ...unknown(item.after, 'after', ids, 'another item'),
        ...mendsAfter(item, items),
        ...unknown(item.mends, 'mends', final, 'a command of the final profile'),
        ...unknown(item.agent === null ? [] : [item.agent], 'agent', agents, 'an agent').map((one) => ({
          ...one,
          path: 'agent',
        })),
        ...unknown(item.review ?? [], 'review', agents, 'an agent'),
        ...item.scope.flatMap((entry, index) => scopeEntryProblem(entry, index) ?? []),
        ...evidenceProblems(item),
      ].map((problem) => placed(item, problem)),
    ),
  ]
}

/** An empty backlog is never "all done". */
function noItems(ids: readonly string[]): BacklogProblem[] {
  return ids.length > 0
    ? []
    : [
        {
          file: backlogDirectory,
          path: '(top level)',
          found: 'no item',
          allowed: 'at least one file whose name begins with a number',
          example: `${backlogDirectory}/001-add-a-cart.md`,
          line: 1,
        },
      ]
}

function duplicate(item: Item, items: readonly Item[]): Problem[] {
  const first = items.find((other) => other.id === item.id)
  if (first === undefined || first === item) return []
  const free = Math.max(...items.map((one) => Number(one.id))) + 1
  return [
    {
      path: 'name',
      found: `${item.id}, which ${first.file} already has`,
      allowed: 'a number that no other item has',
      example: `${String(free).padStart(3, '0')}-${item.slug}`,
    },
  ]
}

/** Every gate is red until it is done, so nothing that has to pass one comes before it. */
function mendsAfter(item: Item, items: readonly Item[]): Problem[] {
  if (item.mends.length === 0) return []
  return item.after.flatMap((id, index): Problem[] => {
    const other = items.find((one) => one.id === id)
    return other === undefined || other.mends.length > 0
      ? []
      : [
          {
            path: where('after', [index]),
            found: `${show(id)}, which mends nothing`,
            allowed: 'only items that mend too: an item that mends runs first',
            example: 'after: []',
          },
        ]
  })
}

/** Of two numbers none is nearer to what was meant. */
function unknown(names: readonly string[], field: string, known: readonly string[], what: string): Problem[] {
  return names.flatMap((name, index): Problem[] =>
    known.includes(name)
      ? []
      : [
          {
            path: where(field, [index]),
            found: `${show(name)}${/^\d/.test(name) ? '' : didYouMean(name, known)}`,
            allowed:
              known.length === 0
                ? `nothing: there is no ${what.replace(/^an? /, '')}`
                : `${what}: ${known.join(', ')}`,
            example: known[0] ?? `no ${field}`,
          },
        ],
  )
}

/** An item that waits for itself is the shortest of them. */
function cycleProblems(items: readonly Item[]): BacklogProblem[] {
  const nodes = items.map((one) => ({ place: one.file, id: one.id, dependsOn: one.after }))
  return cycles(nodes).flatMap((problem) => {
    const item = items.find((one) => problem.path === `${one.file}.dependsOn`)
    return item === undefined ? [] : [placed(item, { ...problem, path: 'after' })]
  })
}

/** `path` as the file has it. */
function placed(item: Item, problem: Problem): BacklogProblem {
  const [safe = problem] = bounded([problem])
  const line = item.lines[problem.path] ?? item.lines[problem.path.replace(/\[\d+\]$/, '')] ?? 1
  return { ...safe, file: item.file, line }
}
