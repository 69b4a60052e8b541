import { pathBytes } from './path-text.ts'
import type { IgnoreFile } from './types.ts'

/**
 * The rules of many `.gitignore` files as one file of patterns that mean the same at the top of a work tree. Git lets the
 * deeper file win, and in a file the later line; so the shallow ones come first. Rules of the top stay as they are written.
 * Source: gitignore(5) and dir.c of git.
 */
export function ignoreRules(files: readonly IgnoreFile[]): Buffer {
  const lines = [...files]
    .sort(([a], [b]) => depth(a) - depth(b))
    .flatMap(([path, text]) => {
      const dir = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
      const at = literal(pathBytes(dir).toString('latin1'))
      return rulesIn(pathBytes(text).toString('latin1')).map((rule) => (dir === '' ? rule : moved(rule, at)))
    })
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1')
}

/** Lines that say something. Text is bytes as latin1, because a rule may be in any encoding. */
function rulesIn(text: string): string[] {
  return text
    .replace(/^\xef\xbb\xbf/, '')
    .split('\n')
    .map((line) => withoutEnd(line.replace(/\r$/, '')))
    .filter((line) => !line.startsWith('#') && !/^!?\/*$/.test(line))
}

/** A rule of the file in `dir`, for a file at the top: a rule without a slash holds at every depth below its own place. */
function moved(rule: string, dir: string): string {
  const not = rule.startsWith('!') ? '!' : ''
  const body = rule.slice(not.length)
  const anchored = body.replace(/\/$/, '').includes('/')
  return anchored ? `${not}/${dir}/${body.replace(/^\//, '')}` : `${not}/${dir}/**/${body}`
}

/** Spaces at the end do not count unless escaped. */
function withoutEnd(line: string): string {
  const kept = /^(?:\\.|[^\\])*?(?= *$)/s.exec(line)
  return kept ? kept[0] : line
}

function literal(dir: string): string {
  return dir.replace(/[\\*?[]/g, '\\$&')
}

function depth(path: string): number {
  return path.split('/').length
}
