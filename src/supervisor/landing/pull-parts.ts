import { itemReader } from '../decide/plan.ts'
import type { Landing } from './landing.ts'
import type { PullParts } from './pull-text.ts'

/** What a pull request says of a batch: all from its record and from what a person accepted. Pure. */
export function pullParts({ ground, batch, state }: Landing, commit: string): PullParts {
  const { items, opened, red, head } = state()
  const { gateProfiles, defaults } = ground.config
  const read = itemReader(ground.config)
  const all = [...items.values()].map(({ frozen, standing, goal }) => {
    const title = read(frozen)?.title ?? frozen.id
    // Of a goal each iteration is in the head, whether or not it was reached.
    const done = goal !== null ? head : standing.kind === 'done' ? standing.commit : null
    return { id: frozen.id, title, done, state: standing.kind }
  })
  return {
    batch,
    commit,
    gates: (gateProfiles[defaults.finalGateProfile] ?? []).filter((name) => !red.includes(name)),
    red,
    // What an earlier batch did is not in this one.
    done: all.flatMap(({ id, title, done }) =>
      done === null || done === opened.base ? [] : [{ id, title, commit: done }],
    ),
    others: all.flatMap(({ id, done, state: now }) => (done === null ? [{ id, state: now }] : [])),
  }
}
