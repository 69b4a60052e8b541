import { show } from './problem.ts'
import type { TaskDrafts } from './tasks.ts'
import type { Problem, ProjectConfig } from './types.ts'

/** Every `commandRef` must name a command that a person approved for this: one of a profile, or one marked `evidence: true`. */
export function referenceProblems(drafts: TaskDrafts, config: ProjectConfig): Problem[] {
  const allowed = referable(config)
  return drafts.references.flatMap(({ place, name }): Problem[] => {
    if (allowed.includes(name)) return []
    const known = Object.hasOwn(config.commands, name)
    return [
      {
        path: `${place}.name`,
        found: known ? `${show(name)}, which is in no profile and not marked "evidence": true` : show(name),
        allowed:
          allowed.length === 0 ? 'no commandRef: no command is approved' : `one of ${allowed.join(', ')}`,
        example: allowed[0] === undefined ? 'another kind of evidence' : show(allowed[0]),
      },
    ]
  })
}

function referable(config: ProjectConfig): string[] {
  const inProfiles = new Set(Object.values(config.gateProfiles).flat())
  return Object.values(config.commands)
    .filter((command) => command.evidence || inProfiles.has(command.name))
    .map((command) => command.name)
}
