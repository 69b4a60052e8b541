import { type Result, ok } from '../base/result.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { usesCleanRoom } from '../contract/verify.ts'
import { evidenceOptions } from '../evidence/options.ts'
import type { Context } from '../records/context.ts'
import { type Copied, readCopies } from '../workspace/copied.ts'

/** The ignored files that the clean room of a run gets, as they are now; null where the config names none. Codes: those of readCopies. */
export async function copiesNow(
  context: Context,
  root: string,
  config: ProjectConfig,
): Promise<Result<Copied | null>> {
  const globs = config.copy ?? []
  if (globs.length === 0 || !usesCleanRoom(config)) return ok(null)
  return readCopies(root, globs, evidenceOptions(context.env))
}
