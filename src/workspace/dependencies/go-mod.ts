import type { Lock, LockFormat, Locked, ManifestFormat, ReasonKind } from './parts.ts'
import { wantsOf } from './parts.ts'

const PATH = /^[\w~-]+(?:\.[\w~-]+)+(?:\/[\w.~-]+)*$/
const VERSION = /^v\d+\.\d+\.\d+(?:[-+][\w.+-]+)?$/
/** Every module of a `go.sum` may be there for another one's sake; the file does not say for whose. */
const ANY = '*'

/** `go.mod`; `replace`, `exclude`, `toolchain`, `tool`, the version of Go and all else are the rest. */
export const goMod: ManifestFormat = {
  read: (text) => {
    const lines = statements(text)
    const asked = lines.filter(([verb]) => verb === 'require')
    const wants = asked.map(([, name = '', spec, ...more]) => ({
      group: 'require',
      name,
      spec: [spec, ...more].join(' '),
      fault: moduleFault(name, [spec, ...more].join(' ')),
    }))
    return { wants: wantsOf(wants), rest: lines.filter(([verb]) => verb !== 'require') }
  },
  merge: (was, _now, wants) =>
    `${was.trimEnd()}\n\n${wants.map(({ name, spec }) => `require ${name} ${String(spec)}\n`).join('')}`,
}

function moduleFault(name: string, version: string): ReasonKind | null {
  if (!PATH.test(name)) return 'not-from-a-registry'
  return VERSION.test(version) ? null : 'not-pinned'
}

/** Verb and words of each line, those of blocks too, without comments. */
function statements(text: string): string[][] {
  const found: string[][] = []
  let block: string | null = null
  for (const line of text.split('\n')) {
    // In quotes two slashes are no comment.
    const plain = /["`]/.test(line) ? line : line.replace(/\/\/.*$/, '')
    const words = plain.trim().split(/\s+/).filter(Boolean)
    if (words.length === 0) continue
    if (block === null && words.length === 2 && words[1] === '(') block = words[0] as string
    else if (block !== null && words.length === 1 && words[0] === ')') block = null
    else found.push(block === null ? words : [block, ...words])
  }
  return found
}

/** `go.sum`: a line for the content of a module, and one for its `go.mod`. */
export const goSum: LockFormat = {
  read: (text) => {
    const packages = new Map<string, Locked>()
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue
      const [name = '', version = '', hash = '', ...more] = line.trim().split(/\s+/)
      const key = `${name} ${version}`
      if (packages.has(key) || more.length > 0) throw new TypeError(`not a line of go.sum: ${line}`)
      packages.set(key, locked(name, version, hash))
    }
    packages.set(ANY, { ...locked('', '', ''), needs: [...packages.keys()] })
    const find: Lock['find'] = (_dir, { name, spec }) =>
      [`${name} ${String(spec)}`, `${name} ${String(spec)}/go.mod`].find((key) => packages.has(key))
    return { packages, asks: null, ways: new Map(), find, rest: null }
  },
  registries: [''],
  weaker: () => false,
  merge: (was, now, { keys }) => {
    const added = now.split('\n').filter((line) => keys.has(line.trim().split(/\s+/).slice(0, 2).join(' ')))
    return `${[was.trimEnd(), ...added].join('\n')}\n`
  },
}

function locked(name: string, version: string, hash: string): Locked {
  const isContent = !version.endsWith('/go.mod')
  return {
    name,
    version: version.replace(/\/go\.mod$/, ''),
    // Where modules come from is said by the environment alone.
    registry: name === '' ? null : '',
    alias: false,
    sealed: /^h1:[A-Za-z0-9+/]{43}=$/.test(hash),
    needs: name === '' ? [] : [ANY],
    fixed: hash,
    reach: '',
    programs: [],
    installScript: false,
    loadsItself: false,
    hosts: [],
    welcomes: [],
    inside: null,
    only: isContent,
  }
}
