import path from 'node:path'
import { oneLine } from '../../base/text.ts'
import { writeFileWhole } from '../../base/write-file.ts'
import type { GoalState, Iteration } from '../record/goal-state.ts'
import type { World } from '../world.ts'
import { failureWords } from './failure-words.ts'
import { quotedLines } from './goal-prompt.ts'

/** For people who want to read how a goal went. */
export const HISTORY_FILE = 'goal-history.md'

/** Writes what the ledger says of every iteration, for reading. Nothing of ours reads it, so a disk that fails is noticed elsewhere. */
export function writeGoalHistory({ batch, ledger, opened, item }: World): void {
  const file = path.join(batch.dir, HISTORY_FILE)
  for (const { goal, frozen } of ledger.state().items.values()) {
    if (goal === null) continue
    try {
      writeFileWhole(file, historyText(item(frozen.id).title, opened.batch, goal))
    } catch {
      return
    }
  }
}

/** Pure. */
export function historyText(title: string, batch: string, { iterations, present }: GoalState): string {
  const parts = [
    `# ${title}`,
    `Batch ${batch}. What is quoted was said by an agent, and nobody checked it.`,
    ...iterations.map(iterationText),
    ...(present === '' ? [] : [`## Next\n\n${quotedLines(present)}`]),
  ]
  return `${parts.join('\n\n')}\n`
}

function iterationText({ attempt, at, goal, commit, failure, claimed }: Iteration): string {
  const came =
    commit === null ? (failure === null ? 'over' : failureWords(failure)) : `proved, ${commit.slice(0, 12)}`
  const said = claimed === null ? [] : SAID.map(([name, of]) => [name, of(claimed)] as const)
  return [
    `## Iteration ${attempt}: ${oneLine(came, 200)}`,
    new Date(at).toISOString(),
    ...(goal === '' ? [] : [`Goal:\n\n${quotedLines(goal)}`]),
    ...said.flatMap(([name, text]) => (text === '' ? [] : [`${name}:\n\n${quotedLines(text)}`])),
    ...(claimed?.completed ? ['It says that the goal is completed.'] : []),
    ...(claimed?.stop ? ['It wants to stop.'] : []),
  ].join('\n\n')
}

type Claimed = NonNullable<Iteration['claimed']>
const SAID: readonly (readonly [string, (claimed: Claimed) => string])[] = [
  ['Summary', ({ summary }) => summary],
  ['Evidence', ({ evidence }) => evidence],
  ['Reason', ({ reason }) => reason],
  ['Next goal', ({ nextGoal }) => nextGoal],
]
