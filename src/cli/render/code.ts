import type { Explained } from '../codes/codes.ts'
import { type Doc, quiet, strong } from './doc.ts'
import { wrap } from './help.ts'

const width = 80
const indent = '  '

/** An error code for a person: what happened, why, what to do. */
export function codeDoc(code: string, { section, what, why, todo }: Explained): Doc {
  const paragraph = (text: string): Doc =>
    wrap(plain(text), width - indent.length).map((line) => `${indent}${line}`)
  return [
    [strong(code), quiet(`  ${section}`)],
    '',
    ...paragraph(what),
    ...(why === undefined ? [] : paragraph(why)),
    '',
    [strong('What to do:')],
    ...paragraph(todo),
  ]
}

/** Markdown as a terminal can show it: another code by its command, other links by their words. */
function plain(markdown: string): string {
  return markdown
    .replaceAll(/\[[^\]]+\]\(#([\w-]+)\)/g, 'autonomous-loop help $1')
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll('`', '')
}
