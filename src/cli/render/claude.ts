import type { ClaudeAnswer } from '../../setup/claude/bootstrap.ts'
import { type Doc, type Line, bad, columns, good, quiet, strong, warn } from './doc.ts'

/** `bootstrap --claude` for a person. */
export function claudeDoc(answer: ClaudeAnswer): Doc {
  const { settings, claude, dry_run: dry } = answer
  return [
    [
      strong(dry ? 'Would set up ' : 'Set up '),
      `autonomous-loop ${answer.version} in ${answer.home}, for Claude Code ${claude.version}`,
    ],
    `  ${settings.action}  ${settings.path}  (our hooks added; everything else stays as it is)`,
    ...columns(
      answer.hooks.map((hook): Line => [hook.event, `${hook.timeout} s`, quiet(hook.command)]),
      2,
    ),
    ...(answer.block_cap === '0'
      ? [
          `  CLAUDE_CODE_STOP_HOOK_BLOCK_CAP is 0 there: Claude Code does not let a turn go after 8 blocks in a row`,
        ]
      : []),
    ...enforced(answer.enforced),
    ...answer.warnings.map((one): Line => [warn('note: '), one]),
    ...answer.next.map((one): Line => [quiet('next: '), one]),
  ]
}

function enforced(state: ClaudeAnswer['enforced']): Doc {
  if (state === null) return []
  return state === 'runs'
    ? [
        [good('runs: '), 'a short session of your Claude Code was answered by our hook; no model was asked'],
        'Claude Code lets a turn end when a hook crashes or runs into its timeout (measured); the time for a stop is long for that reason.',
      ]
    : [[bad('does not run')]]
}
