import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { readBlobs } from '../../evidence/git/blobs.ts'
import type { Blob, RawChange } from '../../evidence/git/parse.ts'
import { gitObjects, line, repoOf } from './git.ts'
import type { Conflict, OwnRepository } from './types.ts'

/** What stands behind git's marks, for each side. */
export interface Marks {
  readonly ours: string
  readonly theirs: string
}

/** Of the three versions of a file. Bytes. */
const MOST = 1 << 27

/**
 * Each file in conflict with both sides in it, and git's marks around the lines that differ. Null: one of them has no lines to mark,
 * as it is gone on one side, a link, or no text. Codes: could-not-join, and those of git.
 */
export async function markedFiles(
  own: OwnRepository,
  {
    ours,
    theirs,
    paths,
  }: {
    readonly ours: readonly RawChange[]
    readonly theirs: readonly RawChange[]
    readonly paths: readonly Conflict[]
  },
  marks: Marks,
  scratch: string,
): Promise<Result<ReadonlyMap<string, Blob> | null>> {
  const [here, there] = [ours, theirs].map((all) => new Map(all.map((change) => [change.path, change])))
  const files = new Map<string, Blob>()
  for (const { path: one, kind } of paths) {
    const [mine, other] = [here?.get(one), there?.get(one)]
    if (!MARKABLE.has(kind) || !mine?.after || !other?.after) return ok(null)
    const { after } = mine
    const sides = [after, mine.before, other.after] as const
    if (sides.some((side) => side?.kind === 'l')) return ok(null)
    const marked = await markedLines(own, sides, marks, scratch)
    if (!marked.ok) return marked
    if (marked.value === null) return ok(null)
    files.set(one, { kind: after.kind, oid: marked.value })
  }
  return ok(files)
}

const MARKABLE: ReadonlySet<string> = new Set(['contents', 'add/add'])

/** Ours, base and theirs in one; null where they are no text. */
async function markedLines(
  own: OwnRepository,
  sides: readonly [Blob, Blob | null, Blob],
  { ours, theirs }: Marks,
  scratch: string,
): Promise<Result<string | null>> {
  const read = await readBlobs(
    repoOf(own),
    own.shadow,
    sides.flatMap((side) => side?.oid ?? []),
    MOST,
  )
  if (!read.ok) return read
  const texts = [...read.value]
  if (texts.includes(null)) return fail('could-not-join', 'an object of one of the two sides is missing')
  if (sides[1] === null) texts.splice(1, 0, Buffer.alloc(0))
  if (texts.some((text) => text === null || isNoText(text))) return ok(null)
  const places = texts.map((text, at) => {
    const place = path.join(scratch, `marked-${at}`)
    fs.writeFileSync(place, text ?? '')
    return place
  })
  const labels = ['-L', ours, '-L', 'base', '-L', theirs]
  const merged = await gitObjects(own, {
    args: ['merge-file', '-p', '-q', ...labels, ...places],
    accept: CONFLICTS,
  })
  if (!merged.ok) return fail('could-not-join', merged.error.message)
  return line(await gitObjects(own, { args: ['hash-object', '-w', '--stdin'], input: merged.value }))
}

/** As git tells files without lines; a pointer to a large file stands for such a one. */
function isNoText(text: Buffer): boolean {
  return (
    text.subarray(0, 8000).includes(0) ||
    text.subarray(0, 40).toString('latin1').startsWith('version https://git-lfs')
  )
}

/** It ends with how many there are, up to this. */
const CONFLICTS = Array.from({ length: 127 }, (_, nth) => nth + 1)

const MARK = /^(?:<{7}|={7}|>{7})(?: .*)?\r?$/

/** Whether a text has lines of git's marks that neither side has by itself. Pure. */
export function hasMarks(text: string, sides: readonly string[]): boolean {
  const own = new Set(sides.flatMap((side) => side.split('\n')))
  return text.split('\n').some((one) => MARK.test(one) && !own.has(one))
}
