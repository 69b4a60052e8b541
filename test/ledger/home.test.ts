import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ensureHome, isWritable } from '../../src/ledger/home.ts'
import { homePaths, markerPath, sessionPaths, sessionPathsOfKey } from '../../src/ledger/paths.ts'
import { tempDir } from './world.ts'

describe('the home', () => {
  test('is made private, and making it again changes nothing', () => {
    const home = path.join(tempDir(), 'deep', 'home')
    expect(ensureHome(home).ok && ensureHome(home).ok).toBe(true)
    for (const dir of [home, homePaths(home).armed, homePaths(home).sessions, homePaths(home).approved])
      expect(fs.statSync(dir).mode & 0o777).toBe(0o700)
  })

  test('a file in its place is a failure with a name', () => {
    const file = path.join(tempDir(), 'file')
    fs.writeFileSync(file, '')
    expect(ensureHome(file)).toMatchObject({ ok: false, error: { code: 'home-unwritable' } })
  })

  const dir = tempDir()
  fs.writeFileSync(path.join(dir, 'file'), '')
  const rows: [string, string, boolean][] = [
    ['a directory', dir, true],
    ['one that could be made', path.join(dir, 'not', 'yet'), true],
    ['a file', path.join(dir, 'file'), false],
    ['below a file', path.join(dir, 'file', 'home'), false],
    ['where the kernel lets nobody write', '/proc/self/autoloop', false],
    ['a directory where the kernel lets nobody write', '/proc/self', false],
  ]
  test.each(rows)('writable: %s', (_what, home, expected) => {
    expect(isWritable(home)).toBe(expected)
    expect(fs.readdirSync(dir)).toEqual(['file'])
  })
})

describe('session paths', () => {
  test('ids that look alike or try to escape keep apart and stay inside', () => {
    const ids = [
      '../x',
      'A-session',
      'a-session',
      '',
      '\n',
      'x'.repeat(300),
      '.',
      '..',
      'pending-x',
      'x/y',
      '01999999-aaaa',
    ]
    const dirs = ids.map((id) => sessionPaths('/home/h', id).dir)
    expect(new Set(dirs.map((one) => one.toLowerCase())).size).toBe(ids.length)
    for (const one of dirs) expect(path.dirname(one)).toBe('/home/h/sessions')
  })

  test('a name found in a directory leads to the same places as its id', () => {
    for (const id of ['01999999-aaaa-7bbb', '../x']) {
      const paths = sessionPaths('/h', id)
      expect(sessionPathsOfKey('/h', paths.key)).toEqual(paths)
      expect(markerPath('/h', id)).toBe(paths.marker)
    }
  })
})
