import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import type { OurGroup } from '../../codex/hooks-file/json.ts'
import { isManagedIn, requirementsFile } from '../../codex/managed-hooks.ts'
import type { HookEvent } from '../../codex/types.ts'
import { ourGroups } from '../groups.ts'
import { shellQuote } from '../../base/shell-word.ts'
import { SHIM_EVENTS } from '../shim.ts'

/** Where a managed installation lies. All absolute. */
export interface ManagedPlaces {
  /** Codex's own for the whole machine. */
  readonly requirements: string
  /** Our programs for all users, owned by root. */
  readonly dir: string
}

export const systemPlaces: ManagedPlaces = {
  requirements: requirementsFile,
  dir: '/usr/local/lib/autonomous-loop',
}

/** Longer than any deadline of a user: each user's own timeout, in their machine.json, ends a stop. */
const stopTimeoutSeconds = 24 * 3600

/** As for one home, with the command that finds the home of whoever runs Codex. */
export function managedGroups(places: ManagedPlaces): OurGroup[] {
  return ourGroups('/', stopTimeoutSeconds).map((group) => ({
    ...group,
    command: `${shellQuote(path.join(places.dir, 'hook'))} ${SHIM_EVENTS[group.event as HookEvent]}`,
  }))
}

/** Whether an administrator has put our hooks into the requirements of this machine. */
export function isManaged(places: ManagedPlaces = systemPlaces): boolean {
  return isManagedIn(places.requirements)
}

/** Refuses what somebody else than root could replace, on the whole way there. Code: managed-unsafe. */
export function rootOwned(file: string): Result<void> {
  for (let at = path.resolve(file); ; at = path.dirname(at)) {
    const stat = fs.statSync(at, { throwIfNoEntry: false })
    if (stat && (stat.uid !== 0 || (stat.mode & 0o022) !== 0))
      return fail('managed-unsafe', `${at} can be changed by others than root`, {
        fix: `chown root ${shellQuote(at)} && chmod go-w ${shellQuote(at)}`,
      })
    if (at === path.dirname(at)) return ok(undefined)
  }
}
