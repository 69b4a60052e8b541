import type { ReasonKind } from './parts.ts'

/** Case and `_`, `.`, `-` of a name are one. */
export function pythonName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-')
}

const REQUIREMENT =
  /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[\w.,\s-]*\])?\s*\(?(?<range>[\w.*+!<>=~,\s-]*)\)?\s*(?:;(?<marker>[^;#]*))?$/

/** A requirement as PEP 508 writes it; an address, a path or an option has no name and is none. */
export function requirement(text: string): {
  readonly name: string
  readonly range: string
  readonly fault: ReasonKind | null
} {
  const found = REQUIREMENT.exec(text.trim())?.groups
  if (found === undefined) return { name: text, range: '', fault: 'not-from-a-registry' }
  return {
    name: pythonName(found['name'] as string),
    range: (found['range'] ?? '').replaceAll(/\s/g, ''),
    fault: null,
  }
}

/** Fields that every entry of Python's lock files answers alike: what a distribution brings stands in none of them. */
export const PYTHON_ENTRY = {
  alias: false,
  programs: null,
  // Entry points of pytest and others, and `*.pth`, load by mere installation.
  loadsItself: null,
  hosts: [],
  welcomes: [],
  inside: null,
  only: true,
} as const

/** Whether all of a list's hashes are of SHA-256 or better, and there is one. */
export function areSealed(hashes: unknown): boolean {
  return (
    Array.isArray(hashes) &&
    hashes.length > 0 &&
    hashes.every(
      (hash) =>
        typeof hash === 'string' &&
        /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/.test(hash),
    )
  )
}
