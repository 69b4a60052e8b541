import { fenced } from '../../base/fenced.ts'
import { withoutControls } from '../../base/text.ts'
import { failureWords } from '../../supervisor/effects/failure-words.ts'
import { claimOf } from '../../views/show/claims.ts'
import type { ShownItem } from '../../views/show/show-item.ts'

const FILES = [
  ['`item.*`', 'the text of the item, as the batch has it'],
  ['`events.jsonl`', 'what the ledger of the batch tells of the item'],
  ['`attempt-<n>/prompt-<turn>.md`', 'what the agent was told'],
  ['`attempt-<n>/agent-<turn>.log`', 'what it printed, as it is: it may hold secrets'],
  ['`attempt-<n>/answers.json`', 'what it **claimed** at the end of each turn'],
  ['`attempt-<n>/verdicts.json`', 'what was **verified**, or was found: each look at its work'],
  ['`attempt-<n>/judged/`', "the engine's own ledger of these verdicts, and the logs of gates"],
  ['`attempt-<n>/work.patch`, `work.json`', 'what it changed; `git apply` takes the patch'],
  ['`index.json`', 'every file with its bytes and its SHA-256'],
] as const

/** A page that says what an export is. Words of an agent stand in fences. */
export function exportReadme(
  { item, title, batch, attempts }: ShownItem,
  missing: readonly { readonly what: string; readonly why: string }[],
  at: string,
): string {
  return `${[
    `# Item ${item.id} of batch ${batch.batch}`,
    fenced(withoutControls(title)),
    `Exported ${at}. The item is ${item.state}${item.code === null ? '' : ` (${item.code})`}${item.commit === null ? '' : `, by commit ${item.commit}`}.`,
    ...attempts.map((one) => {
      const claim = claimOf(one)
      const ended =
        one.ended === null
          ? 'is open'
          : one.ended.failure === null
            ? 'is in the head'
            : `failed: ${failureWords(one.ended.failure)}`
      return [
        `Attempt ${one.attempt} with ${one.agent} ${ended}.`,
        ...(claim === null || claim.summary === ''
          ? []
          : ['Its agent claimed (nobody checked these words):', fenced(withoutControls(claim.summary))]),
      ].join('\n\n')
    }),
    FILES.map(([name, what]) => `- ${name}: ${what}`).join('\n'),
    ...(missing.length === 0
      ? []
      : [`Missing:\n\n${fenced(missing.map(({ what, why }) => `${what}: ${why}`).join('\n'))}`]),
  ].join('\n\n')}\n`
}
