import type { OurGroup } from '../../codex/hooks-file/json.ts'
import type { BootstrapAnswer } from '../../setup/bootstrap.ts'
import type { BootstrapPlan } from '../../setup/bootstrap-plan.ts'
import type { Brief } from '../../prove/brief.ts'
import { versionDirectory } from '../../setup/shim.ts'
import type { UninstallAnswer } from '../../setup/uninstall.ts'
import { type Doc, type Line, type Span, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** `bootstrap` for a person: what was written, whether Codex will run it, what comes next. */
export function bootstrapDoc(answer: BootstrapAnswer): Doc {
  return [
    [
      strong(answer.dry_run ? 'Would set up ' : 'Set up '),
      `autonomous-loop ${answer.version} in ${answer.home}, for Codex ${answer.codex.version}`,
    ],
    ...columns(
      answer.files.map((file): Line => [fileAction(file.action), file.path]),
      2,
    ),
    ...(answer.dry_run ? [] : ['', "Hooks, by Codex's own word:"]),
    ...(answer.dry_run
      ? []
      : columns(
          answer.hooks.map((hook): Line => [trustSpan(hook.trust), hook.event, quiet(hook.command)]),
          2,
        )),
    ...(answer.plan_tool === true ? [[quiet('  models get the plan tool (update_plan)')]] : []),
    ...answer.warnings.map((one): Line => [warn('note: '), one]),
    ...restartLines(answer.restart),
    ...nextLines(answer.next),
  ]
}

/** A thread of Codex keeps the hooks it began with. */
function restartLines(restart: BootstrapAnswer['restart']): Doc {
  if (restart.length === 0) return []
  return [
    '',
    'Runs since before this, and must be started again to be held:',
    ...columns(
      restart.map(({ pid, cwd, daemon }): Line => [
        String(pid),
        daemon ? 'the daemon: codex app-server daemon restart' : `codex in ${cwd ?? '?'}`,
      ]),
      2,
    ),
  ]
}

/** What bootstrap is about to do, for the one question that a person is asked. */
export function intentDoc(plan: BootstrapPlan, untrusted: readonly OurGroup[], planTool: boolean): Doc {
  const written = plan.files.filter(({ action }) => action === 'create' || action === 'update')
  const dir = `${versionDirectory(plan.home, plan.machine.version)}/`
  const copies = written.filter((file) => file.path.startsWith(dir)).length
  return [
    [
      strong('Sets up '),
      `autonomous-loop ${plan.machine.version} for Codex ${plan.codex.version} (${plan.codex.path})`,
    ],
    '',
    'Writes:',
    ...(copies > 0 ? [`  ${dir}  (${copies} files: the program)`] : []),
    ...written.filter((file) => !file.path.startsWith(dir)).map((file) => `  ${file.path}`),
    `  ${plan.home}/machine.json`,
    ...(plan.merged.changed ? [`  ${plan.hooksFile}  (our hooks added; yours stay as they are)`] : []),
    ...(planTool
      ? [`  ${plan.codexHome}/config.toml  (tools.update_plan.enabled = true: unfinished plans hold too)`]
      : []),
    ...plan.notes.map((one): Line => [warn('note: '), one]),
    '',
    ...(untrusted.length === 0
      ? [[good('Codex trusts our hooks already.')]]
      : [
          'Has Codex trust exactly these commands, which run outside its sandbox at these events:',
          ...columns(
            untrusted.map(({ event, command }): Line => [strong(event), command]),
            2,
          ),
        ]),
    '',
    quiet(
      'Then shows one real block, in a throw-away directory and without any account. autonomous-loop uninstall takes it all out again.',
    ),
  ].map((line) => (typeof line === 'object' && 'text' in line ? [line] : line))
}

/** The short proof after a guided bootstrap. */
export function briefDoc(brief: Brief | null, why: string | null): Doc {
  if (brief === null) return ['', [bad('No block could be shown: '), why ?? '']]
  const seconds = (brief.duration_ms / 1000).toFixed(1)
  return [
    '',
    brief.ok
      ? [
          good('Shown: '),
          `an agent that said "All done!" was held (${brief.seen}), and let go after the work; ${seconds} s`,
        ]
      : [bad('Not shown: '), `${brief.seen}; left in ${brief.directory ?? '?'}`],
  ]
}

/** `uninstall` for a person. */
const claudeWords = {
  unchanged: 'nothing of ours is in it',
  removed: 'it held nothing but ours and goes',
  edited: 'only what is ours is taken out',
}

export function uninstallDoc(answer: UninstallAnswer): Doc {
  const dry = answer.dry_run
  const hooks = {
    unchanged: 'hooks.json holds nothing of ours.',
    removed: `hooks.json held nothing but ours and is gone.`,
    original: 'hooks.json is as it was before bootstrap, byte by byte.',
    edited: 'hooks.json: only our hooks were taken out.',
  }
  const planned = {
    unchanged: hooks.unchanged,
    removed: 'hooks.json holds nothing but ours and would go.',
    original: 'hooks.json would be as it was before bootstrap, byte by byte.',
    edited: 'hooks.json: only our hooks would be taken out.',
  }
  return [
    [strong(dry ? 'Would be removed' : 'Removed'), `: ${answer.removed.length} paths`],
    ...(dry ? answer.removed.map((file) => `  ${file}`) : []),
    (dry ? planned : hooks)[answer.hooks_json],
    ...(answer.claude_settings === undefined
      ? []
      : [`Claude Code's settings.json: ${claudeWords[answer.claude_settings]}.`]),
    ...answer.kept.map((file): Line => [
      warn(dry ? 'would stay, because it was changed: ' : 'kept, because it was changed: '),
      file,
    ]),
    ...answer.warnings.map((one): Line => [warn('note: '), one]),
  ]
}

/** What to run next, one per line. */
export function nextLines(next: readonly string[]): Doc {
  return next.length === 0 ? [] : ['', 'Next:', ...next.map((one): Line => ['  ', strong(one)])]
}

/** `created`, `kept`, … with its weight. */
export function fileAction(action: string): Span {
  return action === 'same' || action === 'unchanged'
    ? quiet(action)
    : action === 'kept' || action === 'keep'
      ? warn(action)
      : { text: action, tone: 'strong' }
}

function trustSpan(trust: string | null): Span {
  if (trust === 'trusted' || trust === 'managed') return good(trust)
  return trust === null ? warn('unknown') : bad(trust)
}
