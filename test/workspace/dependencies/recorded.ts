import fs from 'node:fs'
import path from 'node:path'
import type { Texts } from './changes.ts'

/** Files that the managers themselves wrote: at the start, and after one dependency was added. See fixtures/dependencies/README.md. */
const ROOT = 'test/fixtures/dependencies'

export function recorded(name: string, side: 'was' | 'now'): Texts {
  const dir = path.join(ROOT, name, side)
  return Object.fromEntries(
    fs
      .readdirSync(dir)
      .map((file) => [file.replace(/\.txt$/, ''), fs.readFileSync(path.join(dir, file), 'utf8')]),
  )
}

export const RECORDED = ['pnpm9', 'pnpm8', 'yarn1', 'berry', 'cargo', 'go'] as const
