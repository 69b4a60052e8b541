import fs from 'node:fs'
import path from 'node:path'
import type { Item } from '../backlog/item.ts'
import { lookAtBacklog } from '../backlog/read-backlog.ts'
import type { SupervisorSettings } from '../contract/supervisor/settings.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { readConfigText } from '../definition/config-text.ts'
import type { BatchOpened, FrozenItem } from './events.ts'
import { itemFiles, unapprovedIds } from './item-files.ts'
import type { Plan } from './next.ts'
import type { BatchState } from './state.ts'

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
    const { items } = lookAtBacklog(
      { texts: [{ name: path.posix.basename(frozen.file), text: frozen.text }], problems: [] },
      config,
    )
    const item = items[0] ?? null
    known.set(frozen.digest, item)
    return item
  }
}

/**
 * What may be begun by now. The files of the person's checkout are looked at, and only say what is held back: items are those of
 * the frozen texts. What cannot be read differs.
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
    unapproved: unapprovedIds(itemFiles(root), state),
    ...(only === undefined ? {} : { only }),
    held: isSame ? null : { state: 'paused', code: 'config-changed' },
  }
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
