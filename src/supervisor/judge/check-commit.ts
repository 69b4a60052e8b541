import path from 'node:path'
import { type Result, ok } from '../../base/result.ts'
import type { Contract, ProjectConfig, Task } from '../../contract/types.ts'
import type { BatchEventData } from '../record/events.ts'
import type { Ground } from '../world.ts'
import { gatesAt } from './gates-at.ts'

/**
 * The final profile on a commit as it is, in the clean room: what a fresh checkout of it says. Codes: those of gatesAt.
 */
export async function checkCommit(
  world: Ground,
  what: 'base' | 'head',
  commit: string,
): Promise<Result<BatchEventData['checked']>> {
  const record = path.join('checked', commit)
  const contract = contractOfNobody(what, world.config, [])
  const began = performance.now()
  const said = await gatesAt(world, { item: what, record, commit, contract })
  if (!said.ok) return said
  const { red, couldNotRun, whyNot, layers, gates } = said.value
  const ms = Math.round(performance.now() - began)
  const why = couldNotRun.length === 0 ? {} : { whyNot }
  return ok({ what, commit, red, couldNotRun, ...why, record, layers, gates, ms })
}

/** Nobody works by it: only the final profile counts, and what these tasks name. */
export function contractOfNobody(name: string, config: ProjectConfig, tasks: readonly Task[]): Contract {
  return {
    version: 1,
    contractId: name,
    objective: name,
    mode: 'enforced',
    gateProfile: config.defaults.finalGateProfile,
    tasks,
    limits: { maxStopIterations: 1, maxRepeatedFailureSignature: 1 },
    policy: config.policy,
  }
}
