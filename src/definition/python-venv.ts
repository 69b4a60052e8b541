import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { sha256 } from '../base/hash.ts'
import { type Collection, join } from './collection.ts'
import { pinLockedVersions } from './locked.ts'
import type { SeenFile } from './workspace.ts'

const LOCKS = [
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile.lock',
  'pixi.lock',
  'requirements.txt',
  'requirements-dev.txt',
]
const PYTHON = /^(python|pypy)[\d.]*t?$/

/** A program of a virtual environment in the workspace. It may move with its version in the lockfile only (`locked:`, see diff.ts). */
export function pinConsoleScript(program: string, dir: string, collection: Collection): void {
  const { workspace } = collection
  for (const at of workspace.upwards(dir))
    for (const venv of ['.venv', 'venv']) {
      const rel = join(at, `${venv}/bin/${program}`)
      if (!workspace.exists(rel)) continue
      const found = workspace.look(rel)
      const installed = found === null ? null : installation(rel, program, found, collection)
      collection.pin(
        'locked',
        `python:${rel}`,
        installed === null ? `file ${found?.digest}` : `install ${installed}`,
        rel,
      )
      const file = LOCKS.map((name) => join(at, name)).find((name) => workspace.exists(name))
      const lock = {
        file: file ?? join(at, 'pyproject.toml'),
        text: file ? (workspace.text(file) ?? '') : '',
      }
      pinLockedVersions(`python:${rel}`, lock, program, collection)
    }
}

/** What an installer put there, as a digest that another installer of the same would give too; null when it is no installation. */
function installation(rel: string, program: string, found: SeenFile, collection: Collection): string | null {
  const { workspace } = collection
  if (found.target !== null)
    return PYTHON.test(program) && isInterpreter(workspace.absolute(rel), workspace.root)
      ? sha256('interpreter')
      : null
  const script = consoleScript(found.text ?? '')
  const starts = script !== null && (script.by === null || isInterpreter(script.by, workspace.root))
  return starts ? sha256(script.calls) : null
}

/** A Python outside the workspace, and not where an agent writes. Which one may change: no gate passes by that. */
function isInterpreter(file: string, root: string): boolean {
  try {
    const real = fs.realpathSync(file)
    const writable = [root, os.tmpdir(), '/tmp', '/var/tmp'].filter((dir) => fs.existsSync(dir))
    return (
      PYTHON.test(path.basename(real)) && !writable.some((dir) => real.startsWith(`${fs.realpathSync(dir)}/`))
    )
  } catch {
    return false
  }
}

/** Lines of the scripts that pip, uv and poetry write for an entry point, besides those that say which. */
const LINES = [
  /^$/,
  /^# -\*- coding: utf-8 -\*-$/,
  /^import (re|sys)$/,
  /^if __name__ == (["'])__main__\1:$/,
  /^sys\.argv\[0\] = re\.sub\(r'\(-script\\\.pyw\|\\\.exe\)\?\$', '', sys\.argv\[0\]\)$/,
  /^sys\.argv\[0\] = sys\.argv\[0\]\.removesuffix\((["'])\.exe\1\)$/,
  /^(if|elif) sys\.argv\[0\]\.endswith\((["'])(-script\.pyw|\.exe)\2\):$/,
  /^sys\.argv\[0\] = sys\.argv\[0\]\[:-\d+\]$/,
  /^' '''$/,
]
/** A path too long for a first line, written for the shell. */
const LONG = /^'''exec' "?([^"'$`\\]+)"? "\$0" "\$@"$/

interface ConsoleScript {
  /** Absolute path of the interpreter; null: the first in PATH. */
  readonly by: string | null
  /** Which function of which module. */
  readonly calls: string
}

/** Null when the script does anything besides. */
function consoleScript(text: string): ConsoleScript | null {
  const [first = '', ...rest] = text.length > 3000 ? [] : text.split(/\r?\n/)
  const shebang = /^#!(\/[^\s'"$`]+)( python[\d.]*)?$/.exec(first)
  if (shebang === null) return null
  let by: string | null = shebang[1] as string
  if (shebang[2] !== undefined) {
    if (by !== '/usr/bin/env') return null
    by = null
  }
  const calls: string[] = []
  for (const raw of rest) {
    const line = raw.trim()
    const long = LONG.exec(line)?.[1]
    if (long !== undefined && by === '/bin/sh') by = long
    else if (/^from [\w.]+ import \w+$|^sys\.exit\(\w+(\.\w+)*\(\)\)$/.test(line)) calls.push(line)
    else if (!LINES.some((form) => form.test(line))) return null
  }
  return calls.length === 2 ? { by, calls: calls.join('\n') } : null
}
