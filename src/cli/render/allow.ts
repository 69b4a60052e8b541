import { changeWords } from '../../verdict/words/definition.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { Allowance } from '../../control/allow.ts'
import type { NetworkSetting } from '../../contract/network.ts'
import { show } from '../../contract/problem.ts'
import type { Command } from '../../contract/types.ts'
import type { DefinitionDrift } from '../../definition/drift.ts'
import { verifiedIn } from '../../contract/verify.ts'
import { supervisorOf } from '../../contract/supervisor/settings.ts'
import { backlogAnswer, backlogDoc } from './allow-backlog.ts'
import { supervisorDoc } from './allow-supervisor.ts'
import { notifyLine } from './notify-line.ts'
import { roomAnswer, roomDoc } from './allow-room.ts'
import { amendCall } from './difference.ts'
import { type Doc, type Line, columns, good, indented, quiet, strong, warn } from './doc.ts'
import { scopeRows } from './scope.ts'

/** A run of the repository that was frozen with another definition, or another PATH for gates, than the one now approved. */
export interface DriftedRun {
  readonly sessionId: string
  readonly runId: string
  readonly objective: string
  readonly drift: DefinitionDrift
  readonly parked: boolean
  readonly amended: boolean
}

/** What was approved, for machines. */
export function allowAnswer(
  root: string,
  plan: Allowance,
  runs: readonly DriftedRun[],
  dry: boolean,
): object {
  const { config, approval } = plan
  return {
    ok: true,
    action: 'allow',
    repo_root: root,
    config_path: approval.path,
    config_sha256: approval.sha256,
    approved: !dry || plan.already,
    already_approved: plan.already,
    commands: Object.values(config.commands).map((one) => ({
      name: one.name,
      argv: one.argv,
      cwd: one.cwd,
      timeout_seconds: one.timeoutSeconds,
      sandboxed: config.policy.sandbox === 'on',
      network: one.network,
      writable: one.writable,
      reach: one.reach ?? [],
      secrets: one.secrets ?? [],
      services: one.services ?? [],
      verify: verifiedIn(one, config.policy),
      tests: one.tests ?? 'work',
    })),
    ...roomAnswer(config),
    changes: plan.changes,
    gate_profiles: config.gateProfiles,
    policy: config.policy,
    notify: config.notify ?? null,
    supervisor: config.supervisor === undefined ? null : supervisorOf(config),
    backlog: backlogAnswer(plan, dry),
    gate_path: approval.gatePath,
    open_runs: runs.map((one) => ({
      session_id: one.sessionId,
      run_id: one.runId,
      objective: one.objective,
      amended: one.amended,
      changes: one.drift.changes.map((change) => ({ ...change, text: changeWords(change) })),
      amend: amendCall(one, one.drift),
    })),
  }
}

/** What was approved, for a person: every argv that will be run, and with which rights. */
export function allowDoc(root: string, plan: Allowance, runs: readonly DriftedRun[], dry: boolean): Doc {
  const { config } = plan
  const profiles = Object.entries(config.gateProfiles)
  return [
    [
      dry ? warn('Not approved yet') : good(plan.already ? 'Approved before' : 'Approved'),
      `: ${plan.approval.path}`,
    ],
    ...columns(
      Object.values(config.commands).map((one) => commandLine(one, config.policy.sandbox)),
      2,
    ),
    ...columns(
      profiles.map(([name, commands]): Line => [
        quiet(`profile ${name}`),
        commands.join(', ') || quiet('(empty)'),
      ]),
      2,
    ),
    ...roomDoc(config),
    ...(config.policy.scope ? columns(scopeRows({ policy: config.policy.scope, contract: null }), 2) : []),
    ...(config.policy.sandbox === 'off'
      ? [[warn('  The sandbox is off: these commands run with all your rights.')]]
      : []),
    ...(config.policy.control === 'agent'
      ? [[warn('  The agent may pause, resume and disable (policy.control).')]]
      : []),
    ...(config.notify ? [notifyLine('notify', config.notify, config.version)] : []),
    ...supervisorDoc(config),
    ...backlogDoc(plan, dry),
    ...(plan.changes && plan.changes.length > 0
      ? [
          '  What differs from the content that was approved before:',
          ...plan.changes.map((one) => `    ${one.path}: was ${show(one.was)}, now ${show(one.now)}`),
        ]
      : []),
    ...runs.flatMap(runLines),
    ...(dry ? [['  approve it: ', strong(`autonomous-loop allow --repo ${shellWord(root)}`)]] : []),
  ]
}

function runLines(one: DriftedRun): Doc {
  const changes = one.drift.changes.flatMap((change) => indented(changeWords(change), 2))
  return one.amended
    ? [
        [good('Accepted for the open run: '), one.objective],
        ...changes,
        ...(one.parked
          ? [`  It is parked; your next prompt goes on, there or after: codex resume ${one.sessionId}`]
          : []),
      ]
    : [
        ['', warn('An open run keeps what it froze: '), one.objective],
        ...changes,
        ['  accept it there too: ', strong(amendCall(one, one.drift))],
      ]
}

function commandLine(one: Command, sandbox: 'on' | 'off'): Line {
  const rights = [
    sandbox === 'on' ? 'sandboxed' : 'NOT sandboxed',
    ...(one.box === false ? ['without the box'] : []),
    ...(one.tests === 'start' ? ["with the start's tests too"] : []),
    ...networkWords(one.network),
    ...(one.reach && one.reach.length > 0 ? [`reaches ${one.reach.join(', ')}`] : []),
    ...(one.secrets && one.secrets.length > 0 ? [`gets ${one.secrets.join(', ')}`] : []),
    ...(one.services ?? []).map(({ argv }) => `with ${argv.map(shellWord).join(' ')}`),
    ...(one.writable.length > 0 ? [`may write ${one.writable.join(', ')}`] : []),
    ...(one.cwd === '.' ? [] : [`in ${one.cwd}`]),
  ].join(', ')
  return [
    strong(one.name),
    one.argv.map(shellWord).join(' '),
    sandbox === 'on' ? quiet(rights) : warn(rights),
  ]
}

/** What is not the default of its version needs no word. */
function networkWords(network: NetworkSetting): string[] {
  if (network === false) return []
  return [network === true ? 'network' : `in the box, network: ${network}`]
}
