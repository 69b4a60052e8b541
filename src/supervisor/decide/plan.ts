import fs from 'node:fs'
import path from 'node:path'
import type { Item } from '../../backlog/item.ts'
import { parseItem } from '../../backlog/parse-item.ts'
import type { SupervisorSettings } from '../../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../../contract/types.ts'
import { findApproval } from '../../records/approvals.ts'
import { readConfigText } from '../../definition/config-text.ts'
import type { BatchOpened, FrozenItem } from '../record/events.ts'
import { LEAST_FREE, freeBytes } from '../batch/free-space.ts'
import { isGoalBatch } from '../record/fold-goal.ts'
import { unapprovedGoal } from '../goal/plan-files.ts'
import { goalItem } from '../goal/plan-item.ts'
import { itemFiles, unapprovedItems } from '../orders/item-files.ts'
import type { Held, Plan } from './holds.ts'
import type { BatchState } from '../record/state.ts'

/** Files that end a batch as long as they are there. */
export const STOP_FILES = ['.autonomous-loop-stop', '.codex-stop'] as const

/** Which of them is in a checkout; null when none is. */
export function stopFileIn(root: string): string | null {
  return STOP_FILES.find((name) => fs.lstatSync(path.join(root, name), { throwIfNoEntry: false })) ?? null
}

/** Items out of their frozen texts, parsed once for each text. */
export function itemReader(config: ProjectConfig): (frozen: FrozenItem) => Item | null {
  const known = new Map<string, Item | null>()
  return (frozen) => {
    const had = known.get(frozen.digest)
    if (had !== undefined) return had
    const item = frozen.goal === undefined ? ofBacklog(frozen, config) : ofGoal(frozen, config)
    known.set(frozen.digest, item)
    return item
  }
}

function ofBacklog({ file, text }: FrozenItem, config: ProjectConfig): Item | null {
  const item = parseItem(path.posix.basename(file), text, config)
  return item.ok ? item.value : null
}

function ofGoal(frozen: FrozenItem, config: ProjectConfig): Item | null {
  const item = goalItem(frozen, config)
  return item.ok ? item.value : null
}

/**
 * What may be begun by now. The files of the person's checkout are looked at, and only say what is held back: items are those of
 * the frozen texts. A config that cannot be read differs, and nothing is begun by it.
 */
export function planNow(
  opened: BatchOpened,
  state: BatchState,
  settings: SupervisorSettings,
  read: (frozen: FrozenItem) => Item | null,
  only?: ReadonlySet<string>,
): Plan {
  const root = path.join(opened.top, opened.prefix)
  const config = readConfigText(root)
  const { sha256 } = opened.config
  // Amended meanwhile: the next process reads it.
  const isSame = config.ok && config.value.sha256 === sha256 && state.opened.config.sha256 === sha256
  return {
    items: itemsOf(state, read),
    settings,
    unapproved: isGoalBatch(state) ? unapprovedGoal(root, state) : unapprovedItems(itemFiles(root), state),
    ...(only === undefined ? {} : { only }),
    held: isSame ? null : 'config-changed',
  }
}

/** What a look at the machine adds: the approval of the config may be withdrawn, and the disk full. */
export function heldNow(home: string, data: string, { config }: Pick<BatchOpened, 'config'>): Held | null {
  if (findApproval(home, config.path, config.sha256) === undefined) return 'approval-withdrawn'
  return freeBytes(data) < LEAST_FREE ? 'disk-low' : null
}

/** The items of a batch, by id. */
export function itemsOf(
  { items }: { readonly items: ReadonlyMap<string, { readonly frozen: FrozenItem }> },
  read: (frozen: FrozenItem) => Item | null,
): ReadonlyMap<string, Item> {
  return new Map(
    [...items].flatMap(([id, { frozen }]): [string, Item][] => {
      const item = read(frozen)
      return item === null ? [] : [[id, item]]
    }),
  )
}
