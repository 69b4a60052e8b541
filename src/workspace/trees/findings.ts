import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { Blob } from '../../evidence/git/parse.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { leadsOut } from '../room/leads-out.ts'
import { directoriesIn } from './held.ts'
import type { Held } from './rules.ts'
import type { Finding, OwnRepository } from './types.ts'
import type { Found, Walked } from './walk-tree.ts'

/** A larger file of this kind is not what anybody writes. Bytes. */
const MOST = 1 << 24

/** `.git` in any spelling that some file system takes for it. Git holds no such name. */
const GIT_NAME = /^(?:\.git|git~[0-9]+)$/i

/**
 * What a work tree has that git must not read, or cannot hold. Names and bytes only: no program looks. `ignored`: what counts as no
 * work, by the rules of the base.
 */
export function findingsIn(
  own: OwnRepository,
  top: string,
  held: Held,
  { found }: Walked,
  ignored: ReadonlySet<string>,
): Finding[] {
  const findings: Finding[] = []
  const directories = directoriesIn(held)
  for (const [one, there] of found) {
    const kind = kindOf(own, top, held, one, there)
    if (kind === null) continue
    // Attributes speak of what lies beside them, ignored or not.
    const counts = !ignored.has(one) || directories.has(path.posix.dirname(one)) || !one.includes('/')
    if (counts && (kind === 'attributes' || !ignored.has(one))) findings.push({ kind, path: one })
  }
  for (const [one, blob] of held) {
    const kind = ruleFile(one)
    const there = found.get(one)?.kind ?? 'directory'
    if (kind !== null && blob !== null && there === 'directory') findings.push({ kind, path: one })
    if (blob === null && found.get(one)?.kind !== 'directory') findings.push({ kind: 'gitlink', path: one })
  }
  return findings.sort((a, b) => (a.path < b.path ? -1 : 1))
}

function kindOf(
  own: OwnRepository,
  top: string,
  held: Held,
  one: string,
  there: Found,
): Finding['kind'] | null {
  const blob = held.get(one) ?? null
  const name = path.posix.basename(one)
  if (name === '.git') return 'repository'
  if (GIT_NAME.test(name)) return 'name'
  const rule = ruleFile(one)
  if (rule !== null && there.kind !== 'directory') return isSame(own, top, one, there, blob) ? null : rule
  if (there.kind === 'other') return 'special'
  if (there.kind === 'link' && leadsOut({ dir: top, top }, one) && !isSame(own, top, one, there, blob))
    return 'link'
  return null
}

function ruleFile(one: string): 'attributes' | 'modules' | null {
  const name = path.posix.basename(one).toLowerCase()
  if (name === '.gitattributes') return 'attributes'
  return name === '.gitmodules' ? 'modules' : null
}

/** By its raw bytes. A file that the person's settings check out with other line ends is compared as they would store it. */
function isSame(
  own: OwnRepository,
  top: string,
  one: string,
  { kind, stat }: Found,
  blob: Blob | null,
): boolean {
  if (blob === null || stat.size > BigInt(MOST)) return false
  const place = fsPath(top, one)
  if ((kind === 'link') !== (blob.kind === 'l') || kind === 'other') return false
  const bytes = kind === 'link' ? fs.readlinkSync(place, { encoding: 'buffer' }) : fs.readFileSync(place)
  const oid = (content: Buffer): string =>
    createHash(own.format).update(`blob ${content.length}\0`).update(content).digest('hex')
  if (oid(bytes) === blob.oid) return true
  const unix = Buffer.from(bytes.toString('latin1').replace(/\r\n/g, '\n'), 'latin1')
  return kind === 'file' && oid(unix) === blob.oid
}
