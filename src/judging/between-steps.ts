import fs from 'node:fs'
import path from 'node:path'
import { lookAtDefinition } from '../definition/look.ts'
import type { BetweenSteps } from '../gates/run-steps.ts'
import type { GateRow } from '../gates/row.ts'
import type { RunState } from '../ledger/state.ts'
import { differs } from '../workspace/layer.ts'
import type { Between } from './ports.ts'

/**
 * All that happens between two steps of one command: the definition is compared with what was frozen, in the tree and in
 * the layers that steps hand on, and the workspace is looked at where the engine watches it.
 */
export async function betweenSteps(
  { activation }: RunState,
  row: GateRow,
  between?: Between,
): Promise<BetweenSteps> {
  const { repoRoot, pins } = activation
  const changed = new Set((lookAtDefinition(activation).drift?.changes ?? []).map((change) => change.file))
  const files = new Set(pins.map((pin) => pin.file).filter((file) => file !== '' && !path.isAbsolute(file)))
  for (const layer of row.own)
    for (const file of files) if (isWritten(layer, repoRoot, file)) changed.add(file)
  const goesOn = between === undefined || (await between('steps'))
  return goesOn && changed.size === 0 ? { kind: 'go-on' } : { kind: 'end', changed: [...changed].sort() }
}

/**
 * Whether a layer shows something else at this path than the tree does: itself, below it where it is a directory, or because
 * something else than a directory stands on the way to it.
 */
function isWritten(layer: string, root: string, file: string): boolean {
  try {
    const names = file.split('/')
    for (const [at, name] of names.entries()) {
      const parents = names.slice(0, at)
      const above = path.join(layer, ...parents, name)
      const stat = fs.lstatSync(above, { throwIfNoEntry: false })
      if (stat === undefined) return false
      const below = path.join(root, ...parents, name)
      // A mark of removal, where nothing is in the tree either.
      if (stat.isCharacterDevice() && !fs.lstatSync(below, { throwIfNoEntry: false })) return false
      if (at === names.length - 1)
        return stat.isDirectory() ? holdsAny(above) || isNoDirectory(below) : differs(above, below, stat)
      if (!stat.isDirectory()) return true
    }
    return false
  } catch {
    // Closed by the step: not what was frozen.
    return true
  }
}

const holdsAny = (dir: string): boolean =>
  fs.readdirSync(dir, { withFileTypes: true, recursive: true }).some((entry) => !entry.isDirectory())

function isNoDirectory(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === false
}
