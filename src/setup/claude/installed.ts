import * as z from 'zod/mini'
import type { InstalledSettings } from '../../claude/settings-text.ts'
import type { Machine } from '../../records/machine.ts'
import { installedRecord } from '../groups.ts'

const capSchema = z.object({ piece: z.string(), env: z.boolean() })

/** What machine.json remembers of Claude Code's settings; null when bootstrap put nothing there. */
export function installedSettings(machine: Machine | null): InstalledSettings | null {
  const installed = installedRecord(machine?.claude?.installed)
  if (installed === null) return null
  const cap = capSchema.safeParse(machine?.claude?.cap)
  return { installed, cap: cap.success ? cap.data : null }
}
