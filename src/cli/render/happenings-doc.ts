import { CALLS, type Call, type CallRow } from '../../supervisor/batch/calls.ts'
import { type Answer, HAPPENINGS, STAGES, TABLE } from '../../supervisor/decide/table.ts'

const WORDS: Readonly<Record<Answer, string>> = {
  on: '',
  wait: 'waits',
  'to-end': 'to its end',
  ended: 'ended',
  'judged-again': 'judged again',
  over: 'over',
  parked: 'parked',
  halted: 'halted',
  '-': '–',
}

/** What is done when something comes between, for docs/supervisor.md: a row for each happening, a column for each stage. Pure. */
export function happeningsMarkdown(): string {
  const heads = ['what comes between', ...STAGES.map((stage) => `\`${stage}\``), 'new attempts', 'the batch']
  const rows = HAPPENINGS.map((one) => {
    const { what, stages, opens, rest } = TABLE[one]
    return [what, ...STAGES.map((stage) => WORDS[stages[stage]]), opens ? 'yes' : 'no', rest ?? '']
  })
  return markdownTable(heads, rows)
}

/** What a command comes to at its start, for docs/supervisor.md. Pure. */
export function callsMarkdown(): string {
  const heads = ['what is so', '`run`, new batch', '`run`, open batch', '`land --merge`']
  const all: readonly CallRow[] = Object.values(CALLS)
  return markdownTable(
    heads,
    all.map(({ what, opens, goesOn, lands }) => [
      what,
      callWords(opens),
      callWords(goesOn),
      callWords(lands),
    ]),
  )
}

function callWords(call: Call): string {
  if (call === 'on') return ''
  if (call === 'joined') return 'joined with it, and judged again'
  return 'refused' in call ? `refused: \`${call.refused}\`` : call.rests.replace(' ', ': ')
}

function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
