import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import { type ScriptedTurn, type Site, type SiteParts, makeSite } from '../rig.ts'

export const PLAN = '---\nscope: [src/**]\n---\n# Grow the list\n\nAdd numbers until there are enough.\n'

/** A person's repository with a plan, whose config is approved. */
export async function goalSite(
  turns: readonly ScriptedTurn[],
  { supervisor, files, ...parts }: Partial<SiteParts> = {},
): Promise<Site> {
  const site = makeSite({
    items: {},
    ...parts,
    files: { 'plan.md': PLAN, ...files },
    script: { goal: turns },
    supervisor: { backoff: { baseSeconds: 0.05, maxSeconds: 1 }, ...supervisor },
  })
  const allowed = await site.cli(['allow'])
  if (allowed.code !== 0) throw new Error(allowed.stderr)
  return site
}

/** A turn that adds a file of this name. */
export const adds = (name: string, answer: object | string, at?: string): ScriptedTurn => ({
  ...(at === undefined ? {} : { at }),
  steps: [{ write: `src/${name}.txt`, text: `${name}\n` }],
  answer,
})

/** What every iteration came to, in order. */
export function endsOf(events: readonly BatchEvent[]): readonly string[] {
  return events.flatMap((one) => {
    if (one.type !== 'attempt-ended') return []
    const { failure } = one.data
    return [failure === null ? 'kept' : failure.kind === 'parked' ? failure.code : failure.kind]
  })
}
