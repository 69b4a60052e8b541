import type { Lock, LockFormat, Locked, ManifestFormat, Want } from './parts.ts'
import { wantsOf } from './parts.ts'
import { PYTHON_ENTRY, areSealed, requirement } from './python-names.ts'

interface Line {
  readonly want: Want
  readonly version: string
  readonly hashes: readonly string[]
}

/** Its own lock file. */
const lock: LockFormat = {
  read: (text) => {
    const lines = linesOf(text).flatMap((line) => readLine(line) ?? [])
    // pip installs what is not in the list as it likes, and may move what is there without one version.
    const isClosed = lines.every(({ want }) => want.fault === null) && restOf(text).length === 0
    const hashed = lines.some(({ hashes }) => hashes.length > 0)
    const packages = new Map(
      lines.map((line): [string, Locked] => [
        `${line.want.name} ${line.version}`,
        locked(line, isClosed && (hashed ? areSealed(line.hashes) : true)),
      ]),
    )
    const find: Lock['find'] = (_dir, { name }) => [...packages].find(([, one]) => one.name === name)?.[0]
    // With one hash pip wants them all: from none to some is another way to install.
    return { packages, asks: null, ways: new Map(), find, rest: hashed }
  },
  registries: [''],
  weaker: () => false,
  merge: (was, _now, { wants }) => merge(was, wants),
}

/** `requirements*.txt`: lines of one version each, with hashes where the others have them. Options, addresses and files are the rest. */
export const requirements: ManifestFormat = {
  read: (text) => {
    const wants = linesOf(text).flatMap((line) => readLine(line)?.want ?? [])
    return { wants: wantsOf(wants), rest: restOf(text) }
  },
  merge: (was, _now, wants) => merge(was, wants),
  lock,
}

function merge(was: string, wants: readonly Want[]): string {
  return `${[was.trimEnd(), ...wants.map(({ spec }) => String(spec))].join('\n')}\n`
}

/** As pip takes a file apart: a line goes on behind a backslash, but a comment does not. */
function linesOf(text: string): string[] {
  const lines: string[] = []
  let open = ''
  for (const line of text.split(/\r?\n/)) {
    const isComment = /^\s*#/.test(line)
    if (line.endsWith('\\') && !isComment) open += line.slice(0, -1)
    else {
      lines.push(`${open}${isComment ? ' ' : ''}${line}`)
      open = ''
    }
  }
  return [...lines, open].map((line) => line.replace(/(?:^|\s)#.*$/, '').trim()).filter(Boolean)
}

function restOf(text: string): string[] {
  return linesOf(text).filter((line) => readLine(line) === null)
}

function readLine(line: string): Line | null {
  const hashes = [...line.matchAll(/\s--hash[= ](\S+)/g)].map(([, hash]) => hash as string)
  const plain = line.replaceAll(/\s--hash[= ]\S+/g, '').trim()
  const { name, range, fault } = requirement(plain)
  // A variable (`${TOKEN}`) or an option is part of no requirement.
  if (fault !== null || /[$\\]|\s-/.test(plain)) return null
  const version = /^===?([\w.+!-]+)$/.exec(range)?.[1]
  return {
    want: { group: '', name, spec: line, fault: version === undefined ? 'not-pinned' : null },
    version: version ?? range,
    hashes,
  }
}

function locked({ want: { name, spec }, version }: Line, sealed: boolean): Locked {
  return {
    ...PYTHON_ENTRY,
    name,
    version,
    registry: '',
    sealed,
    needs: null,
    fixed: spec,
    reach: '',
    installScript: null,
  }
}
