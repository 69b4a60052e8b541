import { type BaselineDifference, changeKind, noteGone } from './difference.ts'
import { isEditors } from './editors.ts'
import { EntryReader, type EntryLook } from './entry.ts'
import { inModules, modulesEntered, recordedIn } from './recorded.ts'
import type { ChangeKind, EntryLine, NamedPath, PlainBaseline } from './types.ts'
import { walkFiles } from './walk.ts'

/** Every file of a directory without git. `node_modules` is looked at only when evidence speaks of it. */
export function capturePlain(root: string, named: readonly NamedPath[]): PlainBaseline {
  const entries: EntryLine[] = []
  const eyes = new EntryReader(root, 'short')
  for (const path of walkFiles(root, '', entering(named))) {
    const look = eyes.lookAt(path)
    if (look) entries.push([path, look.kind, look.hash, look.stat])
  }
  entries.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
  return { kind: 'plain', entries, named }
}

/** The directory against several baselines. A file whose stat is that of a single baseline keeps its hash unread. */
export function comparePlain(
  root: string,
  baselines: readonly PlainBaseline[],
  named: readonly NamedPath[],
): BaselineDifference {
  // What is seen leaves the maps, so that in the end they hold what is gone.
  const entries = baselines.map(byPath)
  const eyes = new EntryReader(root, 'short', baselines.length === 1 ? entries[0] : undefined)
  const recorded = baselines.map((baseline) => recordedIn(baseline))
  const differing = baselines.map(() => new Map<string, ChangeKind>())
  const state = new Map<string, string>()
  const lost = baselines.map(() => new Map<string, string>())
  const unknown: string[] = []

  const compare = (path: string, now: EntryLook | null): void => {
    if (isEditors(path, now, named)) return
    for (const [index, map] of entries.entries()) {
      const was = sideOf(map.get(path))
      if (was?.kind === now?.kind && was?.hash === now?.hash) continue
      if (index === 0) state.set(path, now ? `${now.kind} ${now.hash}` : '-')
      // Not recorded is not known: modules are looked at only since evidence speaks of them.
      if (was === null && !recorded[index]!(path, false)) continue
      differing[index]!.set(path, changeKind(was, now))
      noteGone(lost[index]!, path, was, now)
    }
  }
  // Directories that only the baselines entered are walked too: what they recorded must still be there.
  const all = [...named, ...baselines.flatMap((baseline) => baseline.named)]
  const checkModules = modulesEntered(all) && !baselines.some((baseline) => modulesEntered(baseline.named))
  for (const path of walkFiles(root, '', entering(all))) {
    compare(path, eyes.lookAt(path))
    for (const map of entries) map.delete(path)
    if (checkModules && inModules(path)) unknown.push(path)
  }
  const gone = new Set<string>()
  for (const map of entries) for (const path of map.keys()) gone.add(path)
  for (const path of gone) compare(path, null)
  return {
    perBaseline: differing,
    state: new Map([...state].sort(([a], [b]) => (a < b ? -1 : 1))),
    unknown,
    gone: lost,
  }
}

/** Built without an array of pairs: there may be half a million. */
function byPath(baseline: PlainBaseline): Map<string, EntryLine> {
  const map = new Map<string, EntryLine>()
  for (const entry of baseline.entries) map.set(entry[0], entry)
  return map
}

function sideOf(entry: EntryLine | undefined): { kind: string; hash: string } | null {
  return entry && entry[1] !== '-' ? { kind: entry[1], hash: entry[2] } : null
}

function entering(named: readonly NamedPath[]): (name: string) => boolean {
  const modules = modulesEntered(named)
  return (name) => name !== 'node_modules' || modules
}
