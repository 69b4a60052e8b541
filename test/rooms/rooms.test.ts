import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'
import { sampleOf } from '../rig/long.ts'

let root: string
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'rooms-'))
})
afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

const rooms = (...args: string[]) => {
  const done = spawnSync(process.execPath, [path.join(projectRoot, 'scripts/rooms.js'), ...args], {
    encoding: 'utf8',
  })
  return { code: done.status, said: done.stdout + done.stderr }
}

/** A project with these files and the rules of lint that follow from the table. */
function project(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries({ '.oxlintrc.json': '{"rules":{}}', ...files })) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), text)
  }
  rooms(root, '--write-lint')
}

test('every arrow of ours runs down, nothing runs in a circle, and lint has the rules of the table', () => {
  expect(rooms()).toEqual({ code: 0, said: expect.stringContaining('Every arrow runs down') })
})

const down = {
  'src/base/a.ts': 'export const a = 1\n',
  'src/contract/b.ts': "import { a } from '../base/a.ts'\nexport const b = a\n",
  'src/verdict/c.ts':
    "import { b } from '../contract/b.ts'\nimport type { D } from '../gates/d.ts'\nexport const c: D = b\n",
  'src/gates/d.ts': 'export type D = number\nexport const d = 1\n',
  'src/cli/e.ts':
    "import { c } from '../verdict/c.ts'\nexport const e = () => import('../base/a.ts').then(() => c)\n",
}

describe('a project', () => {
  test('whose arrows run down passes', () => {
    project(down)
    expect(rooms(root)).toMatchObject({ code: 0 })
  })

  test.each(
    sampleOf<[string, Readonly<Record<string, string>>, string]>(
      [
        [
          'a value of a room above',
          { 'src/base/x.ts': "import { b } from '../contract/b.ts'\nexport const x = b\n" },
          'base -> contract: src/base/x.ts imports src/contract/b.ts',
        ],
        [
          'a type of a room above',
          { 'src/base/x.ts': "import type { D } from '../gates/d.ts'\nexport type X = D\n" },
          'base -> gates: src/base/x.ts imports types of src/gates/d.ts',
        ],
        [
          'a room above, loaded when it is needed',
          { 'src/contract/x.ts': "export const x = () => import('../cli/e.ts')\n" },
          'contract -> cli: src/contract/x.ts imports src/cli/e.ts',
        ],
        [
          'a value of a room of which only types are free',
          { 'src/verdict/x.ts': "import { d } from '../gates/d.ts'\nexport const x = d\n" },
          'verdict -> gates: src/verdict/x.ts imports src/gates/d.ts',
        ],
        [
          'a room below that is not for it',
          { 'src/codex/x.ts': "import { b } from '../contract/b.ts'\nexport const x = b\n" },
          'codex -> contract: src/codex/x.ts imports src/contract/b.ts',
        ],
        [
          'node where there is none',
          { 'src/verdict/x.ts': "import fs from 'node:fs'\nexport const x = fs\n" },
          'verdict -> node: src/verdict/x.ts imports node:fs',
        ],
        [
          'two files that import each other, of which one only a type',
          {
            'src/base/x.ts': "import { y } from './y.ts'\nexport type X = 1\nexport const x = y\n",
            'src/base/y.ts': "import type { X } from './x.ts'\nexport const y: X = 1\n",
          },
          'CIRCLES (1)\n  src/base/x.ts, src/base/y.ts',
        ],
        ['a room that nobody planned', { 'src/attic/x.ts': 'export const x = 1\n' }, 'attic is not in'],
      ],
      3,
    ),
  )('with %s fails', (_what, more, expected) => {
    project({ ...down, ...more })
    const { code, said } = rooms(root)
    expect(said).toContain(expected)
    expect(code).toBe(1)
  })

  test('whose lint has other rules fails, until they are written', () => {
    project(down)
    const file = path.join(root, '.oxlintrc.json')
    const right = JSON.parse(fs.readFileSync(file, 'utf8')) as { overrides: unknown[] }
    expect(right).toMatchObject({ rules: {} })
    fs.writeFileSync(file, JSON.stringify({ ...right, overrides: right.overrides.slice(1) }))
    expect(rooms(root)).toMatchObject({ code: 1, said: expect.stringContaining('--write-lint') })
    expect(rooms(root, '--write-lint')).toMatchObject({ code: 0 })
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual(right)
    expect(rooms(root)).toMatchObject({ code: 0 })
  })
})
