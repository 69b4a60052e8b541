import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Command } from '../../src/contract/types.ts'
import type { PinChange } from '../../src/definition/types.ts'
import { collectPins, diffPins } from '../../src/definition/index.ts'

/** Files by relative path; `-> x` makes a link to x, null removes. */
export type Files = Readonly<Record<string, string | null>>

export function workspace(files: Files): string {
  const root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'pins-'))
  write(root, files)
  return root
}

export function write(root: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name)
    fs.rmSync(file, { recursive: true, force: true })
    if (content === null) continue
    fs.mkdirSync(path.dirname(file), { recursive: true })
    if (content.startsWith('-> ')) fs.symlinkSync(content.slice(3), file)
    else fs.writeFileSync(file, content)
  }
}

export function command(argv: readonly string[], more: Partial<Command> = {}): Command {
  return {
    name: argv.join(' '),
    argv,
    cwd: '.',
    timeoutSeconds: 600,
    env: {},
    tty: false,
    parallel: false,
    network: false,
    writable: [],
    pins: [],
    evidence: false,
    ...more,
  }
}

/** Pins at the start, then the change, then what differs. */
export function changed(
  files: Files,
  commands: readonly Command[],
  change: Files | ((root: string) => void),
): readonly PinChange[] {
  const root = workspace(files)
  try {
    const frozen = collectPins(root, commands, '/usr/bin:/bin')
    if (!frozen.ok) throw new Error(`at the start: ${frozen.error.message}`)
    if (typeof change === 'function') change(root)
    else write(root, change)
    const now = collectPins(root, commands, '/usr/bin:/bin')
    if (!now.ok) throw new Error(`${now.error.code}: ${now.error.message}`)
    return diffPins(frozen.value, now.value)
  } finally {
    fs.rmSync(root, { recursive: true, force: true })
  }
}
