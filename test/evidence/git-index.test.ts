import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { changes, withRig } from './rig.ts'

test('flags set behind an index whose checksum was put back hide nothing', async () => {
  await withRig(async (rig) => {
    rig.write('a.txt').commitAll()
    const index = rig.path('.git/index')
    const baseline = await rig.reported()
    expect(changes(await rig.compare(baseline))).toEqual([])
    const before = fs.readFileSync(index).subarray(-20)
    rig.git(['update-index', '--assume-unchanged', 'a.txt'])
    const bytes = fs.readFileSync(index)
    expect(before.equals(bytes.subarray(-20))).toBe(false)
    before.copy(bytes, bytes.length - 20)
    fs.writeFileSync(index, bytes)
    rig.write('a.txt', 'hidden edit\n')
    expect(changes(await rig.compare(baseline))).toEqual(['modified a.txt'])
  })
})

test('an index that git wrote anew is noted once; a note of another state, or a broken one, is not believed', async () => {
  await withRig(async (rig) => {
    rig.write('a.txt').commitAll()
    const baseline = await rig.reported()
    // As any `git status` does.
    fs.utimesSync(rig.path('a.txt'), 1, 1)
    rig.git(['update-index', '--refresh'])
    expect(changes(await rig.compare(baseline))).toEqual([])
    const { scratch } = rig.options
    const [note, ...more] = fs
      .readdirSync(scratch, { recursive: true, encoding: 'utf8' })
      .filter((file) => /index-[0-9a-f]{16}\.json$/.test(file))
      .map((file) => path.join(scratch, file))
    expect([typeof note, more]).toEqual(['string', []])
    expect(JSON.parse(fs.readFileSync(note ?? '', 'utf8'))).toMatchObject({ hidden: [], submodules: [] })

    rig.git(['update-index', '--assume-unchanged', 'a.txt'])
    rig.write('a.txt', 'hidden edit\n')
    expect(changes(await rig.compare(baseline))).toEqual(['modified a.txt'])
    fs.writeFileSync(note ?? '', '{"checksum":')
    expect(changes(await rig.compare(baseline))).toEqual(['modified a.txt'])
  })
})
