import type { ParkCode } from '../../supervisor/record/events.ts'

/** Why an item waits for a person, after its name. */
export const parkWords: Readonly<Record<ParkCode, string>> = {
  attempts: 'failed as often as it may',
  'no-progress': 'stood still: the same tree, and the same in its way',
  budget: 'has used up its tokens or minutes',
  spawns: 'had its agent started as often as it may be',
  conflict: 'did not join with the work of others five times',
  'already-met': 'has nothing left to do',
  blocked: 'cannot go on, its agent claims',
  proposal: 'waits for an answer to what its agent proposes',
  'contract-changed': 'was edited while it was in work',
  definition: 'changes what the gates mean; make that change yourself first',
  'could-not-run': 'had gates that could not run three times',
  stagnation: 'was set the same goal four times in a row',
  review: 'was not let through by a reviewer, who asks for a person',
  'stopped-by-agent': 'was stopped by its agent',
}
