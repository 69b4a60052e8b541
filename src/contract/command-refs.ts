import { show } from './problem.ts'
import type { TaskDrafts } from './tasks.ts'
import type { Problem, ProjectConfig } from './types.ts'

/**
 * Every `commandRef` must name a command that a person approved for this: one of a profile, or one marked
 * `evidence: true`. Tasks that could not be read have no references yet.
 */
export function referenceProblems(drafts: TaskDrafts, config: ProjectConfig): Problem[] {
  const allowed = referable(config)
  return drafts.tasks.flatMap((task, taskIndex) =>
    task.evidence.flatMap((evidence, index): Problem[] => {
      if (evidence.kind !== 'commandRef' || allowed.includes(evidence.name)) return []
      const known = Object.hasOwn(config.commands, evidence.name)
      return [
        {
          path: `${drafts.places[taskIndex] ?? 'tasks'}.evidence[${index}].name`,
          found: known
            ? `${show(evidence.name)}, which is in no profile and not marked "evidence": true`
            : show(evidence.name),
          allowed:
            allowed.length === 0 ? 'no commandRef: no command is approved' : `one of ${allowed.join(', ')}`,
          example:
            allowed[0] === undefined
              ? '{"kind": "pathChanged", "glob": "src/**"}'
              : `{"kind": "commandRef", "name": ${show(allowed[0])}}`,
        },
      ]
    }),
  )
}

function referable(config: ProjectConfig): string[] {
  const inProfiles = new Set(Object.values(config.gateProfiles).flat())
  return Object.values(config.commands)
    .filter((command) => command.evidence || inProfiles.has(command.name))
    .map((command) => command.name)
}
