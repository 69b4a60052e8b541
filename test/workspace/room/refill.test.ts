import fs from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from '@jest/globals'
import { withRig } from '../../evidence/rig.ts'
import { holds } from '../../rig/long.ts'
import { contentOf, enter, sh, treeOf } from './rig.ts'

/** Names that stand in each other's way. */
const names = ['a', 'a/a', 'a/b', 'a/a/c', 'b', 'b/c', 'src/x', 'src', 'src/x/y', 'n\nl', String.raw`x\x41`]
const node = fc.oneof(
  fc.constantFrom('one', 'two').map((text) => ({ kind: 'file' as const, text })),
  fc.constant({ kind: 'program' as const, text: 'one' }),
  fc.constantFrom('a', 'src/x', '.').map((text) => ({ kind: 'link' as const, text })),
)
const tree = fc.dictionary(fc.constantFrom(...names), node, { maxKeys: 5 })

/** What cannot be beside what is there is left out. */
function make(root: string, files: Readonly<Record<string, { kind: string; text: string }>>): void {
  for (const name of fs.readdirSync(root))
    if (name !== '.git') fs.rmSync(path.join(root, name), { recursive: true })
  const made: string[] = []
  for (const [name, { kind, text }] of Object.entries(files)) {
    if (made.some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`))) continue
    made.push(name)
    const place = path.join(root, name)
    fs.mkdirSync(path.dirname(place), { recursive: true })
    // Beside it all in one directory: no link leads out.
    if (kind === 'link')
      fs.symlinkSync(path.relative(path.dirname(place), path.join(root, text)) || '.', place)
    else fs.writeFileSync(place, `${text}\n`, { mode: kind === 'program' ? 0o755 : 0o644 })
  }
}

test('a room that is renewed holds what one made anew would hold, whatever became of what', async () => {
  await holds(
    { short: 8, long: 300 },
    fc.asyncProperty(tree, fc.array(tree, { minLength: 2, maxLength: 4 }), async (start, works) => {
      await withRig(async (rig) => {
        sh(rig, 'git init -q')
        make(rig.root, start)
        sh(rig, 'git add -A; git commit -q --allow-empty -m start')
        const baseline = await rig.baseline()
        for (const work of works) {
          make(rig.root, work)
          expect(await enter(rig, baseline)).not.toBeNull()
          expect(contentOf(treeOf(rig))).toEqual(contentOf(rig.root))
          const said = sh(rig, 'git status --porcelain', treeOf(rig))
          expect(said).toBe(sh(rig, 'git reset -q; git status --porcelain'))
        }
      })
    }),
  )
})
