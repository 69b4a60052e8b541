import type { Command, Contract, ProjectConfig } from '../../contract/types.ts'
import { askedFor } from '../../contract/evidence-kinds.ts'
import { type Doc, type Line, columns, quiet, strong, warn } from './doc.ts'
import { scopeRows } from './scope.ts'

/** A contract for a person: what is asked for, by which gates, within which limits. */
export function contractDoc(contract: Contract, config: ProjectConfig | null): Doc {
  const { limits, policy } = contract
  const [title = '', ...more] = contract.objective.split('\n')
  const gates = new Set(
    [config?.defaults.finalGateProfile ?? 'final', contract.gateProfile].flatMap(
      (profile) => config?.gateProfiles[profile] ?? [],
    ),
  )
  const rows: Line[] = [
    [quiet('gates'), gates.size > 0 ? [...gates].join(', ') : `profile ${contract.gateProfile}`],
    [quiet('gates run'), policy.sandbox === 'off' ? warn('without the sandbox') : "in Codex's sandbox"],
    ...scopeRows({ policy: policy.scope ?? null, contract: contract.scope ?? null }),
    ...reachRow([...gates].flatMap((name) => config?.commands[name] ?? [])),
    [
      quiet('limits'),
      [
        `${limits.maxStopIterations} blocked stops`,
        `the same blocker ${limits.maxRepeatedFailureSignature} times`,
        ...(limits.maxMinutes === undefined ? [] : [`${limits.maxMinutes} minutes`]),
        ...(limits.maxTokens === undefined ? [] : [`${limits.maxTokens} tokens`]),
      ].join(', '),
    ],
    [
      quiet('control'),
      policy.control === 'person'
        ? 'only a person may pause or end it'
        : 'the agent may pause and disable it',
    ],
  ]
  return [
    [strong(title)],
    ...more.filter((line) => line.trim() !== '').map((line) => `  ${line}`),
    '',
    ...contract.tasks.flatMap((task): Doc => [
      [
        strong(task.id),
        `  ${task.title}`,
        quiet(
          `${task.required ? '' : '  (optional)'}${task.dependsOn.length === 0 ? '' : `  after ${task.dependsOn.join(', ')}`}`,
        ),
      ],
      ...task.evidence.map((evidence): Line => [quiet('    - '), askedFor(evidence)]),
    ]),
    '',
    ...columns(rows, 2),
  ]
}

/** What of the machine the gates are let into; no row where it is nothing. */
function reachRow(commands: readonly Command[]): Line[] {
  const reach = commands.flatMap((one) => (one.reach ?? []).map((what) => `${what} (${one.name})`))
  return reach.length === 0 ? [] : [[quiet('gates reach'), warn(reach.join(', '))]]
}
