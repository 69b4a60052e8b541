import type { Failure } from '../base/result.ts'
import { problemLines } from '../contract/file/problem-lines.ts'
import type { BacklogProblem } from './item.ts'

/** All problems of a backlog as one failure `invalid-backlog`, each with its file and line; `data.problems` has them for machines. */
export function backlogFailure(problems: readonly BacklogProblem[]): Failure {
  const lines = problems.map((one) => problemLines(one.file, one))
  return {
    code: 'invalid-backlog',
    message: `the backlog has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n${lines.join('\n')}`,
    fix: 'correct these lines, then run it again: autonomous-loop backlog lint',
    data: { problems },
  }
}
