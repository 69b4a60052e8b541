import path from 'node:path'
import { oneLine } from '../../base/text.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { SourcePlace } from '../../backlog/import/drafts.ts'
import type { NewCommand } from '../../backlog/import/plan.ts'
import type { Import } from '../../setup/backlog/plan-import.ts'
import { type Doc, type Line, columns, quiet, strong, warn } from './doc.ts'
import { gatesOf, proofLine, proofOf } from './item-proof.ts'

export function importFields({ plan, items, config }: Import): object {
  return {
    items: plan.items.map(({ id, name, from }) => {
      const item = items.find((one) => one.id === id)
      return {
        id,
        name,
        from: from.key,
        file: from.file,
        line: from.line,
        title: item?.title ?? from.draft.title,
        after: item?.after ?? [],
        scope: item?.scope ?? [],
        proof: item === undefined ? [] : proofOf(item),
        gates: item === undefined ? [] : gatesOf(item, config),
        was_blocked: from.status === 'blocked',
      }
    }),
    commands: plan.commands.map(({ name, argv, env, isShell, text }) => ({
      name,
      argv,
      env,
      shell: isShell,
      from: text,
    })),
    done: plan.done.map((one) => ({ key: one.key, title: one.draft.title })),
    refused: plan.refused.map(({ task, why }) => ({ key: task.key, file: task.file, line: task.line, why })),
    left: plan.left,
  }
}

/** What would be written, what would not, and what was not understood. Texts of the source are data. */
export function importDoc({ plan, items, config }: Import, cwd: string): Doc {
  return [
    'New items:',
    ...items.flatMap((item): Doc => {
      const from = plan.items.find((one) => one.id === item.id)?.from
      const was = from?.status === 'blocked' ? warn(' (blocked there)') : ''
      return [
        ['  ', strong(item.id), ' ', item.title, quiet(` (${from?.key ?? ''})`), was],
        ...(item.after.length === 0 ? [] : [[quiet('      after  '), item.after.join(', ')]]),
        [quiet('      scope  '), item.scope.join(', ')],
        [quiet('      proof  '), proofLine(item, config)],
      ]
    }),
    ...(plan.commands.length === 0
      ? []
      : [
          'New commands of the config, which nobody has approved yet:',
          ...columns(plan.commands.map(commandLine), 2),
        ]),
    ...rows('Done there, and left out:', plan.done, (one) => `${one.key} ${one.draft.title}`),
    ...rows(
      'No item comes of these:',
      plan.refused.map(({ task, why }) => ({ ...task, why })),
      (one) => `${one.key}: ${one.why}`,
    ),
    ...rows('Not understood, or not taken over:', plan.left, (one) => one.what),
  ]

  function rows<T extends SourcePlace>(title: string, all: readonly T[], words: (one: T) => string): Doc {
    if (all.length === 0) return []
    return [
      [warn(title)],
      ...columns(
        all.map((one) => [quiet(`${path.relative(cwd, one.file)}:${one.line}`), oneLine(words(one), 300)]),
        2,
      ),
    ]
  }
}

function commandLine({ name, argv, env, isShell }: NewCommand): Line {
  const words = [...Object.entries(env).map(([key, value]) => `${key}=${value}`), ...argv]
  return [strong(name), words.map(shellWord).join(' '), ...(isShell ? [warn('a shell reads it')] : [])]
}
