import path from 'node:path'
import { backlogFailure } from '../../backlog/failure.ts'
import { type BacklogText, type Item, backlogDirectory } from '../../backlog/item.ts'
import { readItemName } from '../../backlog/item-id.ts'
import { fileOf } from '../../backlog/parse-item.ts'
import { type ProposedChange, proposedChange } from '../../backlog/proposed-change.ts'
import { lookAtBacklog, readBacklogFiles } from '../../backlog/read-backlog.ts'
import { type Result, err, fail, ok } from '../../base/result.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { settledConfig } from '../batch/open.ts'
import type { Site } from '../batch/site.ts'
import { itemReader, itemsOf } from '../decide/plan.ts'
import { isTyped, withFrozen } from './item-files.ts'
import { type WaitingProposal, waitingProposal } from '../decide/waiting-proposal.ts'
import type { BatchState, ItemState } from '../record/state.ts'

/** A proposal and all that a yes would come to. */
export interface PlannedProposal {
  readonly item: Item
  readonly waiting: WaitingProposal
  readonly change: ProposedChange
  /** Items as they would be: new and changed ones. */
  readonly items: readonly Item[]
  /** What the files that are changed or removed say now, by name. */
  readonly before: ReadonlyMap<string, string>
  /** A person typed what the batch works on: there are no files. */
  readonly typed: boolean
  readonly config: ProjectConfig
}

/**
 * What a yes to a proposal would come to; writes nothing. Codes: no-item, proposal-stale (files differ from what the batch has),
 * invalid-backlog (as lint has it once the change is made), and those of settledConfig.
 */
export function planProposal(site: Site, state: BatchState, id: string): Result<PlannedProposal> {
  const settled = settledConfig(state.opened.config.text, state.opened.config.path)
  if (!settled.ok) return settled
  const { config } = settled.value
  const all = itemsOf(state, itemReader(config))
  const [waiting, item] = [waitingProposal(state, id), all.get(id)]
  if (waiting === null || item === undefined)
    return fail('no-item', `item ${id} has no proposal that waits for an answer`, {
      fix: 'autonomous-loop status --batch',
    })
  if (state.items.get(id)?.frozen.joins !== undefined)
    return fail('no-item', `item ${id} joins the target, and its text is not changed by a proposal`, {
      fix: `autonomous-loop reject ${id}, or: autonomous-loop drop ${id}`,
    })
  const typed = isTyped(state)
  const files = typed ? { texts: [], problems: [] } : readBacklogFiles(site.root)
  const waiters = [...all.values()].filter(
    (one) => one.after.includes(id) && !isOver(state.items.get(one.id)?.standing),
  )
  const ids = [
    ...notJoins(state, [...all.keys()]),
    ...files.texts.flatMap(({ name }) => readItemName(name)?.id ?? []),
  ]
  const change = proposedChange(waiting.proposal, item, waiters, ids)
  const touched = change.replaced === null ? [item] : [item, ...waiters]
  const other = typed ? undefined : touched.find((one) => textIn(files.texts, one) !== one.text)
  if (other !== undefined)
    return fail('proposal-stale', `${other.file} says something else than the batch has`, {
      fix: `put it back, or: autonomous-loop accept ${other.id}`,
    })
  const written = [...change.changed, ...change.added]
  const names = new Set([...written.map((one) => one.name), ...(change.replaced ? [nameOf(item)] : [])])
  const { texts, problems } = withFrozen(files, state)
  const look = lookAtBacklog(
    { problems, texts: [...texts.filter((one) => !names.has(one.name)), ...written] },
    config,
  )
  if (look.problems.length > 0) return err(backlogFailure(look.problems))
  const changed = new Set(written.map((one) => fileOf(one.name)))
  return ok({
    item,
    waiting,
    change,
    items: look.items.filter((one) => changed.has(one.file)),
    before: new Map(touched.map((one) => [nameOf(one), one.text])),
    typed,
    config,
  })
}

export const nameOf = ({ file }: Pick<Item, 'file'>): string => path.posix.relative(backlogDirectory, file)

function textIn(texts: readonly BacklogText[], item: Item): string | undefined {
  return texts.find((one) => one.name === nameOf(item))?.text
}

function isOver(standing: ItemState['standing'] | undefined): boolean {
  return standing?.kind === 'done' || standing?.kind === 'dropped'
}

/** Items that join a target have numbers of their own. */
const notJoins = ({ items }: BatchState, ids: readonly string[]): readonly string[] =>
  ids.filter((id) => items.get(id)?.frozen.joins === undefined)
