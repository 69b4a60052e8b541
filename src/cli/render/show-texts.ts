import { mask } from '../../base/mask.ts'
import { tailOf } from '../../views/show/attempt-files.ts'
import type { ShownAttempt } from '../../views/show/show-item.ts'
import type { ShownLog, Texts } from '../../views/show/texts.ts'
import { type Doc, type Line, columns, quiet, strong } from './doc.ts'
import { quoted, quotedLines } from './quoted.ts'

/** Lines of a log that are shown of themselves. */
const TAIL = 12

/** What the agent was told, turn by turn. */
export function promptLines({ turns }: ShownAttempt, { prompts }: Texts): Doc {
  if (turns.length === 0) return []
  if (prompts !== null)
    return prompts.flatMap(({ turn, text }): Doc => [
      '',
      [strong(`Prompt of turn ${turn}`)],
      ...(text === null ? ['  it is gone'] : quoted(text)),
    ])
  return [
    '',
    [strong('Prompts'), quiet('  (--prompt shows them)')],
    ...columns(
      turns.map(({ turn, prompt }): Line => [
        `turn ${turn}`,
        prompt === null ? 'gone' : `${prompt.bytes.toLocaleString('en')} bytes`,
      ]),
      2,
    ),
  ]
}

/** What it printed. */
export function logLines({ turns }: ShownAttempt, { wholeLog, logs }: Texts): Doc {
  const last = logs.at(-1)
  if (last === undefined)
    return turns.length === 0 ? [] : ['', [strong('Log of the agent')], '  nothing was printed']
  if (wholeLog)
    return logs.flatMap(({ turn, text }): Doc => [
      '',
      [strong(`Log of the agent, turn ${turn}`)],
      ...quoted(mask(text)),
    ])
  const { lines, before } = tailOf(mask(last.text), TAIL)
  const hint =
    last.cut > 0
      ? `  (the end of ${size(last)}; --log shows all)`
      : before > 0
        ? `  (${before} lines before; --log shows all)`
        : logs.length > 1
          ? '  (--log shows every turn)'
          : ''
  return ['', [strong(`Log of the agent, turn ${last.turn}`), quiet(hint)], ...quotedLines(lines)]
}

const size = ({ text, cut }: ShownLog): string =>
  `${((cut + Buffer.byteLength(text)) / (1 << 20)).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`
