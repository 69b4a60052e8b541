import type { BootstrapAnswer } from '../../setup/bootstrap.ts'
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
    ...nextLines(answer.next),
  ]
}

/** `uninstall` for a person. */
export function uninstallDoc(answer: UninstallAnswer): Doc {
  const hooks = {
    unchanged: 'hooks.json held nothing of ours.',
    removed: 'hooks.json held nothing but ours and is gone.',
    original: 'hooks.json is as it was before bootstrap, byte by byte.',
    edited: 'hooks.json: only our hooks were taken out.',
  }[answer.hooks_json]
  return [
    [strong(answer.dry_run ? 'Would be removed' : 'Removed'), `: ${answer.removed.length} paths`],
    hooks,
    ...answer.kept.map((file): Line => [warn('kept, because it was changed: '), file]),
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
