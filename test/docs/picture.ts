import type { Played } from './use-it.ts'

/*
 * docs/run.svg: the README's run as a terminal shows it, with what the agent is told at each block. Everything in it was
 * printed by the program in that run; what differs from run to run (times, ids) is left out.
 */

type Style = 'prompt' | 'agent' | 'held' | 'told' | 'free' | 'plain'
type Row = readonly { readonly style: Style; readonly text: string }[]

const COLUMNS = 92
const INDENT = 11

export function rowsOf({ typed, told }: Played): Row[] {
  const codex = typed.find(({ line }) => line.startsWith('codex '))
  const status = typed.find(({ line }) => line.startsWith('autonomous-loop status'))
  const messages = [...(codex?.shown ?? '').matchAll(/^codex\n(.+)$/gm)].map((match) => match[1] ?? '')
  return [
    ...(codex ? [promptRow(codex.line)] : []),
    ...messages.flatMap((text, at): Row[] => [
      [
        { style: 'agent', text: 'codex'.padEnd(INDENT) },
        { style: 'plain', text },
      ],
      ...(told[at] === undefined ? [] : blockRows(told[at])),
    ]),
    ...(status ? [[], promptRow(status.line), ...statusRows(status.shown)] : []),
  ]
}

function promptRow(line: string): Row {
  return [
    { style: 'prompt', text: '$ ' },
    { style: 'plain', text: line },
  ]
}

/** What is outstanding, and the last line that a failing gate printed. */
function blockRows(reason: string): Row[] {
  const [words = '', output = ''] = reason.split('~~~')
  const missing = [...words.matchAll(/^- (.+)$/gm)].map((match) => withoutSeconds(match[1] ?? ''))
  const last = output.trim().split('\n').at(-1) ?? ''
  return [...missing, ...(last === '' ? [] : [last])]
    .flatMap((text) => wrap(text))
    .map((text, at) => [
      { style: 'held', text: (at === 0 ? 'blocked' : '').padEnd(INDENT) },
      { style: 'told', text },
    ])
}

/** The run's own lines, but for those that name times and ids. */
function statusRows(shown: string): Row[] {
  const lines = shown.split('\n').filter((line) => line.startsWith('  '))
  const steady = lines.filter((line) => !/\d\d:\d\d|just now| ago|\b[0-9a-f]{8,}\b/.test(line))
  return steady.map((line, at) => [{ style: at === 0 ? 'free' : 'told', text: withoutSeconds(line) }])
}

/** How long a gate took is another thing each time. */
const withoutSeconds = (text: string): string => text.replaceAll(/ \([\d.]+ s\)/g, '')

function wrap(text: string): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const now = lines.at(-1) ?? ''
    if (now !== '' && now.length + 1 + word.length > COLUMNS - INDENT) lines.push(word)
    else lines[lines.length - 1] = now === '' ? word : `${now} ${word}`
  }
  return lines
}

const COLOURS: Readonly<Record<Style, string>> = {
  prompt: '#8b949e',
  agent: '#79c0ff',
  held: '#ffa657',
  told: '#9aa4af',
  free: '#7ee787',
  plain: '#e6edf3',
}

/**
 * docs/batch.svg: the night of docs/tutorial.md, the answer in the morning, and what landed, as they stand there. Left out are times,
 * ids, what only begins, and the rest after the story itself, which the page has.
 */
export function rowsOfBatch(tutorial: string): Row[] {
  const all = typedLines(tutorial)
  const runs = all.filter(([line]) => line.startsWith('autonomous-loop run'))
  const others = ['autonomous-loop accept', 'autonomous-loop land', 'git log'].map((begins) =>
    all.find(([line]) => line.startsWith(begins)),
  )
  const [night, again] = runs
  const [accept, land, log] = others
  const parts = [night, accept && ([accept[0], []] as const), again, land, log]
  return parts.flatMap((part, at): Row[] => {
    if (part === undefined) return []
    const [line, shown] = part
    const story = shown.slice(0, shown.includes('') ? shown.indexOf('') : shown.length).map(withoutIds)
    const rows = story
      .filter((text) => !/^\S+: (?:attempt|turn) \d|^published|^batch /.test(text))
      .map((text): Row => [{ style: styleOf(text), text: `  ${text}` }])
    // The answer and the run that goes on with it belong together.
    const isNext = at === 0 || parts[at - 1]?.[1].length === 0
    return [...(isNext ? [] : [[]]), promptRow(line), ...rows]
  })
}

function withoutIds(line: string): string {
  return line
    .replace(/^\d\d:\d\d:\d\d {2}/, '')
    .replaceAll(/, \b[0-9a-f]{12}\b| \b\d{8}-\d{6}-[0-9a-f]{4}\b/g, '')
}

/** Every line that is typed, and what is printed below it. */
function typedLines(document: string): readonly (readonly [string, readonly string[]])[] {
  return [...document.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    block
      .trimEnd()
      .split(/^\$ /m)
      .slice(1)
      .map((one) => {
        const [line = '', ...shown] = one.trimEnd().split('\n')
        return [line.replace(/; echo "exit status \$\?"/, ''), shown] as const
      }),
  )
}

function styleOf(line: string): Style {
  if (/\b(?:in the head|every gate passed|it passes|joined|completed)\b/.test(line)) return 'free'
  return /\b(?:nothing has changed|does not pass|parked)\b/.test(line) ? 'held' : 'told'
}

/** Rows on a dark ground, which is readable on a light page and on a dark one. */
export function draw(
  rows: readonly Row[],
  title = 'A run in a terminal: Codex is blocked twice and then released',
): string {
  const [char, line, pad] = [8.1, 21, 22]
  const [width, height] = [Math.ceil(COLUMNS * char + 2 * pad), rows.length * line + 2 * pad]
  const texts = rows.map((row, at) => {
    const spans = row.map(({ style, text }) => `<tspan fill="${COLOURS[style]}">${escaped(text)}</tspan>`)
    return `  <text x="${pad}" y="${pad + line * at + 14}" xml:space="preserve">${spans.join('')}</text>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${title}</title>
  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>
  <g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13.5">
${texts.join('\n')}
  </g>
</svg>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
