import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { BaseName } from './bases.ts'

/** What an agent, or honest work, does to a repository. */
export interface Change {
  readonly kind: string
  /** The repository that it is done to. */
  readonly base: BaseName
  /** Files by their paths from the root of the run. */
  readonly put?: Readonly<Record<string, string>>
  /** A shell text in that root, after them. */
  readonly sh?: string
}

export function apply(root: string, { put = {}, sh }: Change): void {
  for (const [name, text] of Object.entries(put)) {
    const file = path.join(root, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
  if (sh !== undefined) execFileSync('/bin/sh', ['-ec', sh], { cwd: root, stdio: 'pipe' })
}

export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
