import type { CodeEntry, CodeSection } from './types.ts'
import { approval } from './approval.ts'
import { gates } from './gates.ts'
import { inside } from './inside.ts'
import { looking } from './looking.ts'
import { machine } from './machine.ts'
import { notify } from './notify.ts'
import { record } from './record.ts'
import { repository } from './repository.ts'
import { spool } from './spool.ts'
import { steering } from './steering.ts'
import { workspace } from './workspace.ts'

/** Every error code by section, in the order of TROUBLESHOOTING.md, which is generated from here. */
export const codeSections: readonly CodeSection[] = [
  machine,
  repository,
  approval,
  steering,
  looking,
  spool,
  gates,
  workspace,
  record,
  notify,
  inside,
]

export interface Explained extends CodeEntry {
  readonly section: string
}

/** What is known of a code; undefined for any other word. */
export function explainCode(code: string): Explained | undefined {
  for (const { title, codes } of codeSections) {
    const entry = Object.hasOwn(codes, code) ? codes[code] : undefined
    if (entry) return { ...entry, section: title }
  }
  return undefined
}

export function allCodes(): readonly string[] {
  return codeSections.flatMap(({ codes }) => Object.keys(codes))
}
