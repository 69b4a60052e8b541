import path from 'node:path'
import { parseProjectConfig } from '../contract/config.ts'
import type { Command } from '../contract/types.ts'
import { readConfigText } from '../definition/config-text.ts'
import { type Approval, findApproval } from '../records/approvals.ts'
import { safeGatePath } from '../gates/gate-path.ts'
import { resolveCommand } from '../gates/resolve.ts'
import { shellWord } from '../base/shell-word.ts'
import { type Check, failed, passed, skipped } from './check.ts'
import type { DoctorLook } from './look.ts'

/** Whether the config is approved as it is, and its programs are still where that approval looks for them. */
export function approval(look: DoctorLook): Check {
  const { root, context } = look
  const config = readConfigText(root)
  if (!config.ok) return skipped(config.error.message)
  const found = findApproval(context.env.home, config.value.path, config.value.sha256)
  const data = { config: config.value.path, sha256: config.value.sha256 }
  const allow = `autonomous-loop allow --repo ${shellWord(root)}`
  if (!found)
    return failed(
      `nobody has approved ${config.value.path} as it is now, so nothing in it is run`,
      allow,
      data,
    )
  const gone = goneCommands(look, found)
  if (gone.length === 0) return passed({ ...data, approved_at: new Date(found.at).toISOString() })
  const mended = gone.every((one) => one.now)
  return failed(
    `the approval records a PATH on which gates cannot start: ${gone.map(({ name, why }) => `${name}: ${why}`).join('; ')}`,
    mended ? allow : `${allow}   (once a PATH without the workspace leads to the program)`,
    { ...data, commands: gone.map(({ name }) => name) },
  )
}

interface Gone {
  readonly name: string
  readonly why: string
  /** The PATH of now has what the recorded one lacks. */
  readonly now: boolean
}

/** What lies in the repository may be made by the work or by an earlier gate; only programs outside it are looked for. */
function goneCommands({ root, context }: DoctorLook, { text, path: file, gatePath }: Approval): Gone[] {
  const config = parseProjectConfig(text, file)
  if (!config.ok) return []
  const now = safeGatePath(context.env.vars['PATH'] ?? '', { root, tmpDir: context.env.tmpDir })
  return Object.values(config.value.commands).flatMap((command) => {
    const resolved = resolveCommand(command, root, gatePath)
    if (resolved.ok || resolved.error.code === 'gate-cwd' || isOfTheWork(command, resolved.error.code))
      return []
    return [{ name: command.name, why: resolved.error.message, now: resolveCommand(command, root, now).ok }]
  })
}

function isOfTheWork({ argv }: Command, code: string): boolean {
  const [program = ''] = argv
  return code !== 'gate-interpreter' && program.includes('/') && !path.isAbsolute(program)
}
