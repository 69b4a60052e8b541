import fs from 'node:fs'
import path from 'node:path'
import { commitTree } from '../../../src/workspace/trees/commit.ts'
import { gitIn, line } from '../../../src/workspace/trees/git.ts'
import type { OwnRepository } from '../../../src/workspace/trees/types.ts'
import { must, put } from './rig.ts'

/** A commit in our repository with exactly these files. */
export async function commitIn(
  own: OwnRepository,
  parent: string | null,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const dir = fs.mkdtempSync(path.join(own.data, 'files-'))
  for (const [file, text] of Object.entries(files)) put(path.join(dir, 'tree', file), text)
  const place = { dir: path.join(dir, 'tree'), index: path.join(dir, 'index') }
  must(await gitIn(own, place, { args: ['add', '-f', '-A'] }))
  const tree = must(line(await gitIn(own, place, { args: ['write-tree'] })))
  fs.rmSync(dir, { recursive: true })
  const identity = { name: 'b', email: 'b@example.org' }
  return must(
    await commitTree(own, {
      tree,
      parents: parent === null ? [] : [parent],
      message: 'head',
      identity,
      at: 1_700_000_000_000,
    }),
  )
}
