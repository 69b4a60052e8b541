import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { realPath } from '../base/within.ts'
import { type RoomCaches, shownInstead } from './room-caches.ts'
import { makeLayer } from '../box/layers.ts'
import { hiddenBelow } from '../box/merged-view.ts'
import { type SealedTree, treeBelow } from '../box/sealed.ts'
import type { Command } from '../contract/types.ts'
import { type PathTest, globMatcher } from '../evidence/glob.ts'
import { evidenceOptions } from '../evidence/options.ts'
import { type WorkFiles, workFiles } from '../evidence/present.ts'
import type { GateRow } from '../gates/row.ts'
import type { JudgedTree } from '../gates/types.ts'
import { homePaths } from '../ledger/paths.ts'
import { isDefinitionShaped } from '../workspace/definition-shaped.ts'
import { directoriesOf, isAtOrBelow } from '../workspace/layer.ts'
import { readOnlyFiles } from '../workspace/read-only.ts'
import { sourcesOf } from '../workspace/sources.ts'
import { changeTimes, touchedSince } from '../workspace/touched.ts'
import type { Context } from './context.ts'
import type { BoxOfTree } from './known-box.ts'
import { layeredTree } from './layered-tree.ts'
import { unseenInRooms } from './unseen.ts'

/** What a run says of its tree. */
export interface TreeRules {
  /** Files that give the gates their meaning, relative to the root. */
  readonly definition: readonly string[]
  /** Globs that gates may write, whatever becomes of it. */
  readonly gateWrites: readonly string[]
  /** Bytes that one gate may write to its layer; absent: 10 GiB. */
  readonly outputBytes?: number
  /** A step of `prepare` that runs code of the tree: what is pinned by name is kept where the tree has not its directory. */
  readonly prepares?: true
}
export const noRules: TreeRules = { definition: [], gateWrites: [] }

export interface TreeOfGate {
  /** Null: it runs in the tree itself. */
  readonly sealed: SealedTree | null
  readonly tree: JudgedTree
}

/** What lies below the layer of a gate instead of the tree itself. */
export interface LowerTree {
  /** Holds what stands at the root. */
  readonly dir: string
  readonly files: WorkFiles
  /** Layers above it, the latest last. */
  readonly prepared: readonly string[]
  readonly caches: RoomCaches
  /** See `SealedTree`. */
  readonly around: SealedTree['around']
  readonly masked: readonly string[]
  /** What of the work it lacks; see `GateBox`. */
  readonly leftOut: readonly string[]
}

/** 10 GiB. */
const MOST_BYTES = 10 * 2 ** 30

/**
 * Makes the tree of each gate of one repository, sealed where this machine grants it. Failures are those of git, and for a clean
 * room, which stands or falls with the layer: room-refused.
 */
export function treeMaker(
  context: Pick<Context, 'env'>,
  given: string,
  rules: TreeRules,
  room: LowerTree | null = null,
): (
  box: Pick<BoxOfTree, 'on' | 'refused'>,
  command: Command,
  row?: GateRow,
  /** That it may write: in a room those of the room are in their place. */
  caches?: readonly string[],
) => Promise<Result<TreeOfGate>> {
  const root = realPath(given)
  const { layers } = homePaths(context.env.home)
  const lower = room?.dir ?? root
  const hidden = room === null ? [layers] : [layers, ...unseenInRooms(context.env, room.masked)]
  const allowed = globMatcher(rules.gateWrites)
  const pinned = new Set(rules.definition)
  const isPinned = (file: string): boolean => isAtOrBelow(file, pinned)
  let directories: ReadonlySet<string> | undefined
  let sourceFiles: ReadonlySet<string> | undefined
  let listed: Promise<Result<WorkFiles>> | undefined
  const options = evidenceOptions(context.env)
  const mostBytes = rules.outputBytes ?? MOST_BYTES
  return async ({ on, refused }, command, row, caches = []) => {
    const present = await (listed ??=
      room === null ? workFiles(root, options) : Promise.resolve(ok(room.files)))
    if (!present.ok) return present
    const { files } = present.value
    const own = (sourceFiles ??= sourcesOf(present.value))
    const unsealed = (why: string): Result<TreeOfGate> =>
      room === null
        ? ok({ sealed: null, tree: bareTree(root, files, allowed, why) })
        : fail('room-refused', `this machine makes no clean room: ${why}`, { fix: 'autonomous-loop doctor' })
    const { granted } = on
    if (granted?.pieces == null) return unsealed(on.why ?? 'no overlays')
    if (refused !== null) return unsealed(refused)
    try {
      const layer = makeLayer(layers)
      const sources = (directories ??= directoriesOf(files))
      // A pinned one is compared between the steps, and ends the gate.
      const goesOn: PathTest = (file) => isPinned(file) || !isDefinitionShaped(file, sources)
      // A tool's settings beside sources are not for it to make, nor what replaces a file.
      const isInstalled: PathTest = (file) =>
        rules.prepares === true && file.includes('/') && !sources.has(path.posix.dirname(file))
      const opened = globMatcher([...rules.gateWrites, ...(command.gateWrites ?? [])])
      return ok({
        sealed: {
          ...treeBelow(root, hidden, layer),
          lower,
          around: room?.around ?? null,
          instead: room === null ? [] : shownInstead(room.caches, caches, root, layer),
          found: [...(room?.prepared ?? []), ...(row?.found ?? [])],
          readOnly: readOnlyFiles(lower, own, rules.definition, opened),
        },
        tree: layeredTree({
          root: lower,
          files,
          sourceFiles: own,
          allowed,
          opened,
          layer,
          mostBytes,
          keeps: command.keeps ?? [],
          goesOn,
          isPinned: (file) => isPinned(file) && !isInstalled(file),
          hiddenBelow: (wanted) => hiddenBelow(granted.bwrap, lower, layer.upper, wanted),
          row,
        }),
      })
    } catch (error) {
      return unsealed(`${layers} cannot be written: ${systemWords(error)}`)
    }
  }
}

/** Without a layer: what was written to shows by its change time. */
function bareTree(root: string, files: ReadonlySet<string>, allowed: PathTest, why: string): JudgedTree {
  const times = changeTimes(
    root,
    [...files].filter((file) => !allowed(file)),
  )
  return {
    mostBytes: Infinity,
    isOver: () => false,
    end: () => ({
      seal: { kind: 'not-sealed', why, rewrote: touchedSince(root, times) },
      isOver: false,
      isFull: false,
      lost: null,
    }),
  }
}
