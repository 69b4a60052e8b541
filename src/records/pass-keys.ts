import path from 'node:path'
import type { ProcessId } from '../base/process-id.ts'
import { type Sha256, canonicalJson, sha256 } from '../base/hash.ts'
import type { Command } from '../contract/types.ts'
import { gateEnvironment } from '../gates/environment.ts'
import { gateWords } from '../gates/gate-words.ts'
import type { TreeView } from '../gates/resolve.ts'
import type { RunState } from '../ledger/state.ts'
import type { Context } from './context.ts'
import { boxStanding } from './known-box.ts'
import { recordedBinary, runningBinary } from './sandbox-binary.ts'
import { statOf, toolOf } from './tool-of.ts'

/** What all gates of a prepared room share. */
export interface PassOf {
  readonly run: RunState
  readonly codex: ProcessId | null
  /** Of the tree, with the commit it began from. */
  readonly tree: Sha256
  /** Layers above it. */
  readonly prepared: readonly string[]
  readonly vars: Readonly<Record<string, string | undefined>>
  readonly seen: TreeView
}

/**
 * For each of these commands a digest of all that its word in the room rests on: base, tree, prepared layers, environment, the
 * command and its steps, the programs it is run by, the box, and the gates before it that keep something for it.
 */
export function passKeys(context: Context, of: PassOf, commands: readonly Command[]): readonly Sha256[] {
  const { activation } = of.run
  const binary = recordedBinary(context) ?? runningBinary(of.codex)
  const shared = [
    activation.baselines,
    of.tree,
    of.prepared.map((layer) => path.basename(layer)),
    binary === null ? null : [statOf(binary), boxStanding(context, binary).rung],
  ]
  const kept: Sha256[] = []
  return commands.map((command) => {
    const key = sha256(canonicalJson([shared, ownParts(of, command), [...kept]]))
    if ((command.keeps ?? []).length > 0) kept.push(key)
    return key
  })
}

function ownParts({ run, vars, seen }: PassOf, command: Command): unknown {
  const { activation, runId } = run
  const { repoRoot, gatePath } = activation
  const secrets = (command.secrets ?? []).map((name) => vars[name] ?? null)
  const words = gateWords(command.argv, path.join(repoRoot, command.cwd))
  return [
    command,
    activation.steps?.[command.name] ?? null,
    run.contract.policy.gateWrites,
    gateEnvironment({ vars, gatePath, runId, command }),
    sha256(canonicalJson(secrets)),
    words.map((argv) => toolOf({ argv, cwd: command.cwd }, repoRoot, gatePath, seen)),
  ]
}
