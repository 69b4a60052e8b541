import { type Result, err, ok } from '../base/result.ts'
import { canonicalJson, sha256 } from '../base/hash.ts'
import type { Command } from '../contract/types.ts'
import { pinAgentConfig } from './agent-config.ts'
import { collectors } from './collectors.ts'
import { type Collection, type Invocation, join, textPin } from './collection.ts'
import { pinPathDirectories, programsOn } from './direct.ts'
import { pinBins } from './node/bins.ts'
import { safeText } from './secrets.ts'
import { type PinId, type PinKind, pinId, versionId } from './pin-id.ts'
import { parseShell } from './shell.ts'
import { takeAllApart } from './steps/take-apart.ts'
import type { FrozenSteps } from '../contract/steps.ts'
import type { Pin } from './types.ts'
import { pinVersions } from './versions.ts'
import { shellText, unwrap } from './wrappers.ts'
import { Workspace } from './workspace.ts'

/** Raised when a release pins more than before, so that a run frozen by an older release is compared by its own pins only. */
export const PINS_VERSION = '1'

const MAX_INVOCATIONS = 5000
const MAX_TREE = 500
/** Characters of all commands together. */
const MAX_COMMANDS = 8 * 1024 * 1024

/**
 * Everything in the workspace that decides what the commands do: values and files, also those that must stay absent
 * (value null). Deterministic, sorted by id, no process started, only regular files read.
 * `root` absolute; `gatePath` the PATH of gates. Codes: `pin-unreadable` (data.file), `pin-too-many`.
 */
export function collectPins(root: string, commands: readonly Command[], gatePath: string): Result<Pin[]> {
  const found = collectDefinition(root, commands, gatePath)
  return found.ok ? ok(found.value.pins) : found
}

/** The pins, and the steps as the very same reading of the files gives them: nobody can show one and mean the other. */
export function collectDefinition(
  root: string,
  commands: readonly Command[],
  gatePath: string,
): Result<{ readonly pins: Pin[]; readonly steps: FrozenSteps }> {
  const workspace = new Workspace(root)
  const pins = new Map<PinId, Pin>()
  const queue: Invocation[] = []
  const seen = new Set<string>()
  const asked = new Set<string>()
  let length = 0
  let programs: ReadonlySet<string> | undefined

  const add = (pin: Pin): void => void pins.set(pin.id, pin)

  const collection: Collection = {
    workspace,
    pin: (kind: Exclude<PinKind, 'version'>, of: string, value: string | null, file: string = of) =>
      add({ id: pinId(kind, of), value, file }),
    part: (file, name, text, kind = 'part') => add(textPin(pinId(kind, `${file}#${name}`), file, text)),
    file(rel) {
      const id = pinId('file', rel)
      if (pins.has(id)) return
      const found = workspace.look(rel)
      const text = found === null ? null : safeText(rel, found.text)
      add({
        id,
        value: found?.digest ?? null,
        file: rel,
        ...(text === null ? {} : { text }),
      })
    },
    files: (dir, names) => {
      for (const name of names) collection.file(join(dir, name))
    },
    tree: (rel) => add(treePin(rel, collection)),
    pinned: (rel) => pins.has(pinId('file', rel)),
    isProgram: (name) => (programs ??= programsOn(gatePath, workspace)).has(name),
    once(key) {
      if (asked.has(key)) return false
      asked.add(key)
      return true
    },
    json(value, file) {
      try {
        return canonicalJson(value ?? null)
      } catch {
        workspace.fail(file, 'it is nested too deep')
        return ''
      }
    },
    run(invocation) {
      const key = JSON.stringify([invocation.dir, invocation.bins, invocation.argv])
      if (seen.has(key) || seen.size >= MAX_INVOCATIONS || length > MAX_COMMANDS) return
      seen.add(key)
      length += key.length
      queue.push(invocation)
    },
    runText(text, dir, bins) {
      const dirs = [dir]
      for (const part of parseShell(text)) {
        const here = dirs.at(-1) ?? dir
        if (part.kind === 'open') dirs.push(here)
        else if (part.kind === 'close') {
          if (dirs.length > 1) dirs.pop()
        } else if (part.argv[0] === 'cd') {
          const to = part.argv.find((arg, index) => index > 0 && !arg.startsWith('-'))
          dirs[dirs.length - 1] = (to === undefined ? null : workspace.inside(here, to)) ?? here
        } else collection.run({ argv: part.argv, dir: here, bins })
      }
    },
  }

  add({ id: versionId, value: PINS_VERSION, file: '' })
  for (const command of commands) {
    const dir = workspace.inside('.', command.cwd) ?? '.'
    for (const pin of command.pins) pinNamed(pin, collection)
    pinPathDirectories(command.argv, gatePath, collection)
    collection.run({ argv: command.argv, dir, bins: false })
    for (const { argv, ready, stop = [] } of command.services ?? [])
      for (const each of [argv, ready, stop]) collection.run({ argv: each, dir, bins: false })
  }
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { dir } = next
    const passed = (what: 'program' | 'file', name: string): void => {
      const rel = what === 'file' ? workspace.inside(dir, name) : null
      if (rel !== null) collection.file(rel)
      if (what === 'program' && next.bins) pinBins(dir, [name], collection)
    }
    const invocation = { ...next, argv: unwrap(next.argv, passed) }
    const text = shellText(invocation.argv)
    if (text !== null) collection.runText(text, invocation.dir, invocation.bins)
    if (invocation.argv.length > 0)
      for (const collector of collectors) collector.collect(invocation, collection)
  }
  const visited = [...seen].map((key) => (JSON.parse(key) as [string])[0])
  const dirs = new Set(visited.length > 0 ? visited : ['.'])
  pinAgentConfig(dirs, collection)
  pinVersions(dirs, gatePath, collection)

  const failure = workspace.failures[0]
  if (failure !== undefined) return err(failure)
  if (seen.size >= MAX_INVOCATIONS || length > MAX_COMMANDS)
    return err({
      code: 'pin-too-many',
      message: `the approved commands lead to more further commands than can be followed (${seen.size})`,
      fix: 'name narrower commands in .codex/autoloop.project.json',
    })
  return ok({
    pins: [...pins.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    steps: takeAllApart(commands, workspace),
  })
}

/** A path of `Command.pins`: a file, a directory with everything below it, or an absence. */
function pinNamed(pin: string, collection: Collection): void {
  const rel = collection.workspace.inside('.', pin)
  if (rel === null) return
  if (collection.workspace.stat(rel)?.isDirectory()) collection.tree(rel)
  else collection.file(rel)
}

/** One digest over every path and content below a directory; a missing or empty one is null. */
function treePin(rel: string, { workspace }: Collection): Pin {
  const lines: string[] = []
  let visited = 0
  // An empty config of Codex sets nothing. Of our own config or a file of hooks that an empty one is there says something.
  const saysNothing = (file: string): boolean => {
    const stat = /(?:^|\/)\.codex\/config\.toml$/.test(file) ? workspace.stat(file) : null
    return stat?.isFile() === true && stat.size === 0
  }
  const walk = (dir: string): void => {
    const names = workspace.names(dir, MAX_TREE)
    visited += names?.length ?? MAX_TREE + 1
    for (const name of names ?? []) {
      if (visited > MAX_TREE) return
      const child = join(dir, name)
      if (workspace.stat(child)?.isDirectory()) walk(child)
      else if (!saysNothing(child))
        lines.push(`${child.slice(rel.length + 1)} ${workspace.look(child)?.digest}`)
    }
  }
  const stat = workspace.stat(rel)
  if (stat?.isDirectory()) {
    walk(rel)
    if (visited > MAX_TREE) workspace.fail(rel, `it holds more than ${MAX_TREE} files`)
  }
  // Codex leaves an empty `.codex` file or directory behind at times: nothing in it, nothing to pin.
  else if (stat !== null && stat.size > 0) lines.push(`. ${workspace.look(rel)?.digest}`)
  return {
    id: pinId('tree', rel),
    value: lines.length === 0 ? null : sha256(lines.join('\n')),
    file: rel,
    ...(lines.length === 0 || lines.length > 20
      ? {}
      : { text: lines.map((line) => line.slice(0, line.lastIndexOf(' ') + 9)).join('\n') }),
  }
}
