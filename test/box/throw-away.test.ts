import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { throwAwayDirectories } from '../../src/box/throw-away.ts'

const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'throw-away-')))
afterAll(() => fs.rmSync(home, { recursive: true }))
const at = (name: string): string => path.join(home, name)
for (const dir of ['.config/tool', '.local/share', 'elsewhere']) fs.mkdirSync(at(dir), { recursive: true })
fs.symlinkSync(at('elsewhere'), at('.cache'))
fs.writeFileSync(at('.local/state'), '')

test.each([
  ['those that are there, links resolved', home, {}, ['.config', '.local/share', 'elsewhere']],
  ['not one that stays written', home, { kept: ['~/.config'] }, ['.local/share', 'elsewhere']],
  [
    'one with a directory in it that stays written',
    home,
    { kept: [at('.config/tool')] },
    ['.config', '.local/share', 'elsewhere'],
  ],
  [
    'not one that holds what no gate may write',
    home,
    { never: [at('.local/share/codex')] },
    ['.config', 'elsewhere'],
  ],
  ['the same over a link', home, { never: [at('.cache/codex')] }, ['.config', '.local/share']],
  ['nothing without a home', undefined, {}, []],
  ['nothing of a relative home', 'home', {}, []],
] as const)(
  '%s',
  (
    _name,
    dir,
    { kept = [], never = [] }: { kept?: readonly string[]; never?: readonly string[] },
    expected,
  ) => {
    expect(throwAwayDirectories(dir, { kept, never })).toEqual(expected.map(at))
  },
)
