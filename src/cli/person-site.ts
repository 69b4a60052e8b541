import type { Result } from '../base/result.ts'
import type { Action } from '../control/who.ts'
import type { Context } from '../records/context.ts'
import { type Site, siteOf } from '../supervisor/batch/site.ts'
import { mayChangeSetup } from './asker.ts'
import { directoryOf } from './directory.ts'

/** The repository that a person says something about. Codes: person-only, no-such-directory, git-gone. */
export function personSite(context: Context, action: Action, cwd: string | undefined): Result<Site> {
  const may = mayChangeSetup(context, action, false)
  if (!may.ok) return may
  const directory = directoryOf(context.env, cwd)
  return directory.ok ? siteOf(directory.value) : directory
}
