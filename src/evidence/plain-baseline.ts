import { type Difference, changeKind } from './difference.ts'
import { Eyes, type Look } from './entry.ts'
import { speaksOf } from './glob.ts'
import type { ChangeKind, EntryLine, NamedPath, PlainBaseline } from './types.ts'
import { walkFiles } from './walk.ts'

/** Every file of a directory without git. `node_modules` is looked at only when evidence speaks of it. */
export function capturePlain(root: string, named: readonly NamedPath[]): PlainBaseline {
  const entries: EntryLine[] = []
  const eyes = new Eyes(root, 'short')
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
): Difference {
  const maps = baselines.map((baseline) => new Map(baseline.entries.map((entry) => [entry[0], entry])))
  const eyes = new Eyes(root, 'short', baselines.length === 1 ? maps[0] : undefined)
  const looks = new Map<string, Look | null>()
  // Directories that only the baselines entered are walked too: what they recorded must still be there.
  const all = [...named, ...baselines.flatMap((baseline) => baseline.named)]
  for (const path of walkFiles(root, '', entering(all))) looks.set(path, eyes.lookAt(path))
  for (const map of maps) for (const path of map.keys()) if (!looks.has(path)) looks.set(path, null)

  const perBaseline = maps.map((map, index) => {
    const differing = new Map<string, ChangeKind>()
    const recordsModules = enteredModules(baselines[index]!.named)
    for (const [path, look] of looks) {
      const entry = map.get(path)
      const was = entry && entry[1] !== '-' ? { kind: entry[1], hash: entry[2] } : null
      if (was?.kind === look?.kind && was?.hash === look?.hash) continue
      if (was === null && !recordsModules && inModules(path)) continue
      differing.set(path, changeKind(was, look))
    }
    return differing
  })
  const state = new Map<string, string>()
  for (const [path, look] of [...looks].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const was = maps[0]!.get(path)
    if (was?.[1] !== look?.kind || was?.[2] !== look?.hash)
      state.set(path, look ? `${look.kind} ${look.hash}` : '-')
  }
  const unknown = [...looks.keys()].filter(
    (path) => inModules(path) && !baselines.some((baseline) => enteredModules(baseline.named)),
  )
  return { perBaseline, state, unknown }
}

function entering(named: readonly NamedPath[]): (name: string) => boolean {
  const modules = enteredModules(named)
  return (name) => name !== 'node_modules' || modules
}

function enteredModules(named: readonly NamedPath[]): boolean {
  return named.some((one) => speaksOf(one, 'node_modules'))
}

function inModules(path: string): boolean {
  return path.split('/').includes('node_modules')
}
