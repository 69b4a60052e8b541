import path from 'node:path'
import { type Result, ok } from '../base/result.ts'
import { isInstructionFile } from '../contract/instruction-files.ts'
import { scopesOf } from '../contract/scope.ts'
import { loadBaselines } from '../evidence/baseline-file.ts'
import type { RunState } from '../ledger/state.ts'
import type { Facts } from '../verdict/facts.ts'
import { isDefinitionShaped } from '../workspace/definition-shaped.ts'
import type { Looking, WorkspaceLook } from '../workspace/look.ts'
import { type ScopeFact, lookAtScope } from '../workspace/scope/look-at-scope.ts'
import { lookAtShapes } from '../workspace/shape/definition-look.ts'
import type { Ports } from './ports.ts'

/** What this look shows outside of the run's scope; null when nothing. Codes: those of lookAtScope and lookAtShapes. */
export async function scopeFact(
  run: RunState,
  ports: Ports,
  look: WorkspaceLook,
): Promise<Result<ScopeFact | null>> {
  const { contract, activation, accepted = {} } = run
  const scopes = scopesOf(contract)
  if (scopes.length === 0 || look.comparison.changes.length === 0) return ok(null)
  const isDefinition = await definitionTest(run, ports, look)
  if (!isDefinition.ok) return isDefinition
  return lookAtScope(
    {
      runId: run.runId,
      root: activation.repoRoot,
      // What gates may write is nobody's work. It steers nothing: that must be named in the scope.
      scopes: scopes.map((scope) => [...scope, ...contract.policy.gateWrites.map(withoutPointer)]),
      baselines: activation.baselines,
      baselineDir: ports.baselineDir,
      accepted,
      isDefinition: isDefinition.value,
    },
    look,
    ports.workspace,
  )
}

/** What of the differing paths could give gates or agents another meaning. Where the start has no source, names alone tell. */
async function definitionTest(
  { activation }: RunState,
  { baselineDir, workspace }: Ports,
  { comparison }: WorkspaceLook,
): Promise<Result<(file: string) => boolean>> {
  const { repoRoot: root, pins, gatePath } = activation
  const baselines = loadBaselines(baselineDir, activation.baselines)
  if (!baselines.ok) return baselines
  const shapes = await lookAtShapes(
    { root, baselines: baselines.value, comparison, pins, gatePath, layers: [] },
    workspace,
  )
  if (!shapes.ok) return shapes
  const look = shapes.value
  if (look.kind === 'greenfield')
    return ok(
      (file) => isInstructionFile(file) || isDefinitionShaped(file, new Set([path.posix.dirname(file)])),
    )
  const definition = new Set(look.differences.map((one) => one.path))
  return ok((file) => isInstructionFile(file) || definition.has(file))
}

/** A glob that stands for itself where a `#` could begin a part. */
function withoutPointer(glob: string): string {
  return glob.replaceAll(/(?<!\\)#/g, '\\#')
}

/** The same of the workspace as it is by now. */
export async function withScopeNow(
  run: RunState,
  ports: Ports,
  look: Looking,
  facts: Facts,
): Promise<Result<Facts>> {
  if (scopesOf(run.contract).length === 0) return ok(facts)
  const now = await look()
  if (!now.ok) return ok({ ...facts, unseen: now.error.message })
  const scope = await scopeFact(run, ports, now.value)
  if (!scope.ok) return scope
  return ok(scope.value === null ? facts : { ...facts, scope: scope.value })
}
