import type { JsonObject } from '../../base/json.ts'
import { readBerry } from './yarn-berry-lock.ts'
import { npmFault } from './npm-manifest.ts'
import { isSealed, registryOf } from './npm-registry.ts'
import type { Lock, LockFormat, Locked, Want } from './parts.ts'
import { tableIn } from './npm-entry.ts'
import { type YarnBlock, withBlocks, yarnBlocks } from './yarn-blocks.ts'

/** `yarn.lock`: of version 1, or of one from 2 on (berry). Which of them it is may not change. */
export const yarnLock: LockFormat = {
  read: (text) => (isBerry(text) ? readBerry(text) : readFirst(text)),
  registries: [''],
  weaker: () => false,
  // What berry would write in another way it refuses (`--immutable`), so that a text of ours would not do.
  merge: (was, now, added) => (isBerry(was) ? null : withBlocks(was, now, keyOf, added)),
}

function isBerry(text: string): boolean {
  return /^__metadata:/m.test(text)
}

function readFirst(text: string): Lock {
  const packages = new Map<string, Locked>()
  const ways = new Map<string, string>()
  for (const block of yarnBlocks(text)) {
    const key = keyOf(block)
    if (packages.has(key)) throw new TypeError(`${key} is there twice`)
    for (const way of block.ways) {
      if (ways.has(way)) throw new TypeError(`${way} is there twice`)
      ways.set(way, key)
    }
    packages.set(key, { ...locked(block), needs: null })
  }
  for (const block of yarnBlocks(text)) {
    const key = keyOf(block)
    const needs = needed(block).flatMap((way) => ways.get(way) ?? [])
    packages.set(key, { ...(packages.get(key) as Locked), needs })
  }
  const find = (_dir: string, { name, spec }: Want): string | undefined => ways.get(`${name}@${String(spec)}`)
  return { packages, asks: null, ways, find, rest: 'yarn 1' }
}

/** One package may stand there twice, for two ranges that were locked at different times. */
function keyOf({ ways, fields }: YarnBlock): string {
  return `${nameOf(ways)}@${String(fields['version'])} ${String(fields['resolved'])}`
}

/** The name of the package itself, where one way has it under another name. */
function nameOf(ways: readonly string[]): string {
  const way = ways.find((one) => !one.includes('@npm:')) ?? ways[0] ?? ''
  return /@npm:((?:@[^/]+\/)?[^@]+)/.exec(way)?.[1] ?? way.slice(0, way.indexOf('@', 1))
}

function needed({ fields }: YarnBlock): string[] {
  return ['dependencies', 'optionalDependencies'].flatMap((table) =>
    Object.entries(tableIn(fields, table)).map(([name, range]) => `${name}@${String(range)}`),
  )
}

function locked({ ways, fields }: YarnBlock): Omit<Locked, 'needs'> {
  const name = nameOf(ways)
  const version = String(fields['version'])
  // Every way has to be a range of that name: `x@file:…`, `x@git…` and the like are none.
  const isPlain = ways.every((way) => {
    const at = way.indexOf('@', 1)
    const range = way.slice(at + 1).replace(/^npm:(?:@[^/]+\/)?[^@]+@/, '')
    return npmFault(way.slice(0, at), range) === null && (way.includes('@npm:') || way.slice(0, at) === name)
  })
  const resolved = fields['resolved']
  const address = typeof resolved === 'string' ? resolved.replace(/#[0-9a-f]{40}$/, '') : resolved
  return {
    name,
    version,
    registry: isPlain && npmFault(name, version) === null ? registryOf(name, version, address) : null,
    alias: false,
    sealed: isSealed(fields['integrity']),
    fixed: fields satisfies JsonObject,
    reach: '',
    // The format says nothing of these, nor of peers.
    programs: null,
    installScript: null,
    loadsItself: false,
    hosts: [],
    welcomes: [],
    inside: null,
  }
}
