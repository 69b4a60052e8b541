import type { ErrorCode } from '../../base/error-code.ts'
import type { CodeEntry, CodeSection } from './types.ts'
import { agents } from './agents.ts'
import { approval } from './approval.ts'
import { backlog } from './backlog.ts'
import { batch } from './batch.ts'
import { gates } from './gates.ts'
import { inside } from './inside.ts'
import { landing } from './landing.ts'
import { looking } from './looking.ts'
import { machine } from './machine.ts'
import { notify } from './notify.ts'
import { record } from './record.ts'
import { repository } from './repository.ts'
import { spool } from './spool.ts'
import { steering } from './steering.ts'
import { trees } from './trees.ts'
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
  backlog,
  batch,
  landing,
  agents,
  workspace,
  trees,
  record,
  notify,
  inside,
]

/** A code without an entry is a compile error here, which names it. */
const entries: Readonly<Record<ErrorCode, CodeEntry>> = {
  ...machine.codes,
  ...repository.codes,
  ...approval.codes,
  ...steering.codes,
  ...looking.codes,
  ...spool.codes,
  ...gates.codes,
  ...backlog.codes,
  ...batch.codes,
  ...landing.codes,
  ...agents.codes,
  ...workspace.codes,
  ...trees.codes,
  ...record.codes,
  ...notify.codes,
  ...inside.codes,
}

export interface Explained extends CodeEntry {
  readonly section: string
}

/** What is known of a code; undefined for any other word. */
export function explainCode(code: string): Explained | undefined {
  const title = codeSections.find(({ codes }) => Object.hasOwn(codes, code))?.title
  return title === undefined ? undefined : { ...entries[code as ErrorCode], section: title }
}

export function allCodes(): readonly string[] {
  return codeSections.flatMap(({ codes }) => Object.keys(codes))
}
