import { type Answer, HAPPENINGS, STAGES, TABLE } from '../../supervisor/table.ts'

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
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
