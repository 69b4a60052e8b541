import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'
import { detect } from '../../src/detect/detectors.ts'
import type { DetectRequest } from '../../src/detect/detection.ts'

export type Files = Readonly<Record<string, string>>

/** A directory for each test of a file, and what is found in it. */
export function repository() {
  let root = ''
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'detect-'))
  })
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

  const found = (more: Partial<DetectRequest> = {}) => {
    const result = detect({ root, ...more })
    if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
    return result.value
  }
  return {
    root: (): string => root,
    /** Names that end with `*` are made executable, those with `/` are directories. */
    write: (files: Files): void => {
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(root, name.replace(/\*$/, ''))
        fs.mkdirSync(path.dirname(file), { recursive: true })
        if (name.endsWith('/')) fs.mkdirSync(file, { recursive: true })
        else fs.writeFileSync(file, text, { mode: name.endsWith('*') ? 0o755 : 0o644 })
      }
    },
    detect: (more: Partial<DetectRequest> = {}) => detect({ root, ...more }),
    found,
    /** `name: argv`, with the directory and `(fast)` behind it. */
    lines: (more: Partial<DetectRequest> = {}): string[] =>
      found(more).commands.map(
        (one) =>
          `${one.name}: ${one.argv.join(' ')}${one.cwd === '.' ? '' : ` in ${one.cwd}`}${one.fast ? ' (fast)' : ''}`,
      ),
    notes: (): string => found().notes.join('\n'),
  }
}
