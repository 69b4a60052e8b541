import fs from 'node:fs'
import path from 'node:path'
import { isExecutable } from '../base/file-kind.ts'
import { shellWord } from '../base/shell-word.ts'
import type { Command } from '../contract/types.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { isWithin } from '../base/within.ts'

export interface Resolved {
  /** Absolute, links resolved. */
  readonly cwd: string
  /** The command's argv; a bare name has become the absolute path found on the gates' PATH. */
  readonly argv: readonly string[]
}

/** Where on the disk a file of the tree lies that a command will see at this place. */
export type TreeView = (file: string) => string
export const asItLies: TreeView = (file) => file

/**
 * Looks up what a command would run before anything is started, so that a missing tool has a name. Failures:
 * `gate-cwd` (missing, or leads out of the repository), `gate-missing`, `gate-not-executable`, `gate-interpreter`.
 */
export function resolveCommand(
  command: Pick<Command, 'argv' | 'cwd'>,
  root: string,
  gatePath: string,
  seen: TreeView = asItLies,
): Result<Resolved> {
  const cwd = workingDirectory(command.cwd, root, seen)
  if (!cwd.ok) return cwd
  const [name = '', ...rest] = command.argv
  const record = `record the PATH again: autonomous-loop allow --repo ${shellWord(root)}`
  const file = locate(name, cwd.value, gatePath, record, seen)
  if (!file.ok) return file
  const interpreter = checkInterpreter(seen(file.value), name, gatePath, record)
  if (!interpreter.ok) return interpreter
  return ok({ cwd: cwd.value, argv: [name.includes('/') ? name : file.value, ...rest] })
}

function workingDirectory(given: string, root: string, seen: TreeView): Result<string> {
  try {
    const realRoot = fs.realpathSync(root)
    const base = fs.realpathSync(seen(realRoot))
    const cwd = fs.realpathSync(seen(path.resolve(realRoot, given)))
    if (!isWithin(cwd, base))
      return fail('gate-cwd', `the directory ${given} of the command leads out of the repository`)
    if (!fs.statSync(cwd).isDirectory()) return fail('gate-cwd', `${given} is not a directory`)
    return ok(path.join(realRoot, path.relative(base, cwd)))
  } catch {
    return fail('gate-cwd', `the directory ${given} of the command does not exist`, {
      fix: `restore ${given}, or correct cwd in .codex/autoloop.project.json`,
    })
  }
}

/** `record` says how a PATH is recorded for gates. */
function locate(name: string, cwd: string, gatePath: string, record: string, seen: TreeView): Result<string> {
  const places = name.includes('/')
    ? [path.resolve(cwd, name)]
    : gatePath
        .split(path.delimiter)
        .filter(Boolean)
        .map((dir) => path.join(dir, name))
  const usable = places.find((file) => isFile(seen(file)) && isExecutable(seen(file)))
  if (usable !== undefined) return ok(usable)
  const present = places.find((file) => isFile(seen(file)))
  if (present !== undefined)
    return fail('gate-not-executable', `${present} is not executable`, {
      fix: `chmod +x ${shellWord(present)}`,
    })
  return fail(
    'gate-missing',
    name.includes('/') ? `${name} does not exist` : `${name} is not on the PATH recorded for gates`,
    {
      fix: name.includes('/') ? `restore ${name}` : `install ${name}, then ${record}`,
    },
  )
}

/** `#!/usr/bin/env node` without node on the gates' PATH would look like a failing test. */
function checkInterpreter(file: string, name: string, gatePath: string, record: string): Result<null> {
  const [interpreter, argument] = shebang(file)
  if (interpreter === undefined) return ok(null)
  const missing = (what: string, fix: string): Result<null> =>
    fail('gate-interpreter', `${name} wants to be run by ${what}, which is not there for gates`, { fix })
  // No PATH leads to it: it is named in the file.
  if (path.isAbsolute(interpreter) && !isExecutable(interpreter))
    return missing(interpreter, `restore ${interpreter}`)
  const viaEnv = path.basename(interpreter) === 'env' && argument !== undefined && /^[\w.+-]+$/.test(argument)
  if (!viaEnv || argument.startsWith('-')) return ok(null)
  return locate(argument, '/', gatePath, record, asItLies).ok
    ? ok(null)
    : missing(argument, `install ${argument}, then ${record}`)
}

/** The program that a script is run by; null for one that is no script, and where it is not there. */
export function interpreterOf(file: string, gatePath: string): string | null {
  const [interpreter, argument] = shebang(file)
  if (interpreter === undefined) return null
  if (path.basename(interpreter) !== 'env' || argument === undefined) return interpreter
  const found = locate(argument, '/', gatePath, '', asItLies)
  return found.ok ? found.value : null
}

function shebang(file: string): string[] {
  let fd: number
  try {
    // The file was a regular one a moment ago; without O_NONBLOCK a FIFO put in its place would hang us.
    fd = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
  } catch {
    return []
  }
  try {
    if (!fs.fstatSync(fd).isFile()) return []
    const start = Buffer.alloc(256)
    const line = start.toString('utf8', 0, fs.readSync(fd, start, 0, start.length, 0)).split('\n')[0] ?? ''
    if (!line.startsWith('#!')) return []
    return line.slice(2).trim().split(/\s+/).filter(Boolean)
  } catch {
    return []
  } finally {
    fs.closeSync(fd)
  }
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}
