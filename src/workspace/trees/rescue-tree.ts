import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { systemWords } from '../../base/system-words.ts'
import { fsPath } from '../../evidence/path-text.ts'
import { directoriesOf } from '../layer.ts'
import { gitIn, gitObjects, line } from './git.ts'
import { type Loose, RENAMED } from './rescue-list.ts'
import { entryLine } from './entries.ts'
import type { Held } from './rules.ts'
import type { OwnRepository } from './types.ts'

/** As many are stored by one call of git. */
const AT_ONCE = 2000

/** Stores the content of each as it is, through no filter; gives its name in the same order. Codes: rescue-failed, and those of git. */
export async function hashLoose(
  own: OwnRepository,
  dir: string,
  loose: readonly Loose[],
  scratch: string,
): Promise<Result<string[]>> {
  const oids: string[] = []
  for (let at = 0; at < loose.length; at += AT_ONCE) {
    const some = loose.slice(at, at + AT_ONCE)
    const places = readable(dir, some, path.join(scratch, String(at)))
    if (!places.ok) return places
    const input = Buffer.concat(places.value.map((place) => Buffer.concat([place, Buffer.from('\n')])))
    const hashed = line(
      await gitObjects(own, { args: ['hash-object', '-w', '--no-filters', '--stdin-paths'], input }),
    )
    if (!hashed.ok) return hashed
    const found = hashed.value.split('\n')
    if (found.length !== some.length) return fail('rescue-failed', 'git did not store all that was there')
    oids.push(...found)
  }
  return ok(oids)
}

/** Where git reads each: a link, and a file whose name does not fit on a line, as a copy. */
function readable(dir: string, loose: readonly Loose[], copies: string): Result<Buffer[]> {
  fs.mkdirSync(copies, { recursive: true })
  try {
    return ok(
      loose.map((one, at) => {
        const place = fsPath(dir, one.path)
        const copy = path.join(copies, String(at))
        if (one.kind === 'l') fs.writeFileSync(copy, fs.readlinkSync(place, { encoding: 'buffer' }))
        else if (/[\n\r]/.test(one.path)) fs.copyFileSync(place, copy)
        else return Buffer.from(place)
        return Buffer.from(copy)
      }),
    )
  } catch (error) {
    return fail('rescue-failed', `what is there cannot be read: ${systemWords(error)}`)
  }
}

export interface Content {
  readonly base: string
  readonly held: Held
  readonly removed: readonly string[]
  readonly loose: readonly Loose[]
  readonly names: readonly string[]
  readonly oids: readonly string[]
  readonly scratch: string
}

/** The base's tree with these in it and those out of it. Codes: those of git. */
export async function treeWith(own: OwnRepository, content: Content): Promise<Result<string>> {
  const { base, held, removed, loose, names, scratch } = content
  const place = { dir: scratch, index: path.join(scratch, 'index') }
  const read = await gitIn(own, place, { args: ['read-tree', base] })
  if (!read.ok) return read
  const note = await noteOf(own, content)
  if (!note.ok) return note
  // A submodule with files that we keep gives way to them, and so does a file to a directory.
  const directories = directoriesOf(names)
  const inTheWay = [...held.keys()].filter((one) => directories.has(one))
  const records = [
    ...[...removed, ...inTheWay].map((one) => entryLine(own, one, null)),
    ...loose.map(({ kind }, at) => entryLine(own, names[at]!, { kind, oid: content.oids[at]! })),
    ...(note.value === null ? [] : [entryLine(own, NOTE, { kind: 'f', oid: note.value })]),
  ]
  const input = Buffer.concat(records)
  const set = await gitIn(own, place, {
    args: ['update-index', '-z', '--add', '--replace', '--index-info'],
    input,
  })
  return set.ok ? line(await gitIn(own, place, { args: ['write-tree'] })) : set
}

const NOTE = 'git-directory.txt'

/** Says in the tree which names are not those of the files. */
async function noteOf(own: OwnRepository, { loose, names, held }: Content): Promise<Result<string | null>> {
  const renamed = loose.flatMap(({ path: one }, at) =>
    one === names[at] ? [] : [`${names[at]}  was  ${one}\n`],
  )
  if (renamed.length === 0 || held.has(NOTE) || names.includes(NOTE)) return ok(null)
  const text = `Git stores no directory with the name .git, so it is called ${RENAMED} here:\n\n${renamed.join('')}`
  return line(await gitObjects(own, { args: ['hash-object', '-w', '--stdin'], input: Buffer.from(text) }))
}
