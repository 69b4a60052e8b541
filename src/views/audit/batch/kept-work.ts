import fs from 'node:fs'
import { refs } from '../../../supervisor/batch/paths.ts'
import { KEEP_MS } from '../../../supervisor/orders/plan-clean.ts'
import type { Commits, CommitsAsked } from './commits-asked.ts'
import { type BatchFinding, broken, suspect } from './types.ts'

/** What an attempt left that nobody integrated is there, unless its item was landed long ago and `clean` may have had it. */
export function keptFindings({ state, attempts, ours, now }: CommitsAsked): Omit<Commits, 'commits'> {
  const findings: BatchFinding[] = []
  let looked = 0
  const { batch } = state.opened
  for (const { item, attempt, candidate, isOwn, ended } of attempts) {
    if (ended === null) continue
    const mayBeCleaned =
      state.landed !== null && state.items.get(item)?.standing.kind === 'done' && ended.at < now - KEEP_MS
    const name = `attempt ${attempt} at ${item}`
    const own = refs.attempt(batch, item, attempt)
    const wanted = [
      ...(ended.rescue === null
        ? []
        : [{ ref: ended.rescue, code: 'rescue-gone', what: 'the work that was rescued' }]),
      ...(isOwn ? [{ ref: own, code: 'attempt-gone', what: 'the work' }] : []),
    ]
    looked += wanted.length
    for (const { ref, code, what } of wanted)
      if (!ours.has(ref) && !mayBeCleaned)
        findings.push(
          broken(code, `${what} of ${name} has no ref any more`, {
            where: ref,
            todo:
              candidate === null
                ? LOST
                : `git update-ref ${ref} <commit> in our repository, if its commit is still there`,
            at: ended.at,
          }),
        )
    if (ended.setAside !== null && !fs.existsSync(ended.setAside))
      findings.push(
        suspect('set-aside-gone', `the worktree of ${name} that was set aside is gone`, {
          where: ended.setAside,
          todo: 'nothing, if you removed it yourself',
          at: ended.at,
        }),
      )
  }
  return { refs: looked, findings }
}

const LOST = 'look in a backup of the data directory: what it held is nowhere else'
