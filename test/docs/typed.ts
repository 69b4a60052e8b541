import { spawn } from 'node:child_process'
import { once } from 'node:events'

/*
 * Documents with blocks of `console`: lines that begin with `$ ` are typed, the others are what the program prints. With
 * AUTOLOOP_WRITE_EXAMPLES=1 such a document is written anew; read the difference before it is committed.
 */

const blocks = /^```(sh|console)\n(.*?)^```$/gms

export const writesAnew = process.env['AUTOLOOP_WRITE_EXAMPLES'] === '1'

/** The document with what its commands print now. `type`: what a terminal shows of a line; `prepare` types those of `sh` blocks, which show nothing. */
export async function retyped(
  document: string,
  type: (line: string) => Promise<string>,
  prepare?: (line: string) => Promise<void>,
): Promise<string> {
  const written: string[] = []
  for (const [whole, language, block = ''] of document.matchAll(blocks)) {
    if (language === 'sh') {
      for (const line of block.trimEnd().split('\n')) await prepare?.(line)
      written.push(whole)
      continue
    }
    let text = ''
    for (const command of block.split('\n').filter((line) => line.startsWith('$ ')))
      text += `${command}\n${await type(command.slice(2))}`
    written.push(`\`\`\`console\n${text}\`\`\``)
  }
  let next = 0
  return document.replaceAll(blocks, () => written[next++] ?? '')
}

/** What a terminal shows of a shell's line. */
export async function onTerminal(
  line: string,
  columns: number,
  at: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<string> {
  const child = spawn('script', ['-qefc', `stty rows 50 cols ${columns}; ${line}`, '/dev/null'], {
    cwd: at.cwd,
    env: { ...at.env, SHELL: '/bin/sh' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  await once(child, 'close')
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|[^\n]*\r/g, '')
    .replaceAll(/[ \t]+$/gm, '')
}

/** Without what differs from one time to the next. */
export function steady(text: string): string {
  return (
    text
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '<session>')
      .replaceAll(/\b\d{8}-\d{6}-[0-9a-f]{4}\b/g, '<batch>')
      .replaceAll(/\b[0-9a-f]{12,64}\b/g, '<hex>')
      .replaceAll(/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?\b/g, '<time>')
      .replaceAll(/\b\d\d:\d\d:\d\d\b/g, '<time>')
      .replaceAll(/\bjust now\b|\b\d+ (?:s|min|seconds?|minutes?) ago\b/g, '<ago>')
      .replaceAll(/\b\d+(?:\.\d+)? ?(?:ms|s|min|seconds?|minutes?)\b/g, '<duration>')
      .replaceAll(/\bnode v?\d+\.\d+\.\d+/g, '<node>')
      // What held a run as often stands by how long it did.
      .replaceAll(/(?<=Blocked \d+ times: )[^.]+(?=\.)/g, (held) => held.split(', ').sort().join(', '))
      .replaceAll(/ {2,}/g, '  ')
  )
}
