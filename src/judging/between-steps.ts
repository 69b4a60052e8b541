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

/** Whether a layer shows something else at this path than the tree does. A directory alone shows nothing. */
function isWritten(layer: string, root: string, file: string): boolean {
  try {
    const at = path.join(layer, file)
    const stat = fs.lstatSync(at, { throwIfNoEntry: false })
    if (stat === undefined || stat.isDirectory()) return false
    const before = path.join(root, file)
    // A mark of removal, where nothing is in the tree either.
    if (stat.isCharacterDevice() && !fs.lstatSync(before, { throwIfNoEntry: false })) return false
    return differs(at, before, stat)
  } catch {
    // Below a file, or closed by the step: not what was frozen.
    return true
  }
}
