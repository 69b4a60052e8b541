import path from 'node:path'
import { shellWord } from '../base/shell-word.ts'
import { prepareCommand } from '../contract/prepare.ts'
import { usesCleanRoom } from '../contract/verify.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { openPolicy } from '../records/policy.ts'
import { type Check, failed, passed, skipped } from './check.ts'
import type { DoctorLook } from './look.ts'

/** Whether the programs of `prepare` are on the PATH that gates get. One that lies in the tree may be made by an earlier step. */
export function preparePrograms({ context, root }: DoctorLook): Check {
  const policy = openPolicy(context.env.home, root)
  if (!policy.ok || !usesCleanRoom(policy.value.config)) return skipped('no clean room is prepared here')
  const { config, approval } = policy.value
  const missing = (config.prepare ?? []).map(prepareCommand).flatMap((step) => {
    const [program = ''] = step.argv
    const isOfTheTree = program.includes('/') && !path.isAbsolute(program)
    if (isOfTheTree) return []
    const found = resolveCommand({ ...step, cwd: '.' }, root, approval.gatePath)
    return found.ok ? [] : [{ step: step.name, why: found.error.message }]
  })
  return missing.length === 0
    ? passed()
    : failed(
        `the clean room cannot be prepared: ${missing.map(({ step, why }) => `${step}: ${why}`).join('; ')}`,
        `install the program, then: autonomous-loop allow --repo ${shellWord(root)}`,
        { steps: missing.map(({ step }) => step) },
      )
}
