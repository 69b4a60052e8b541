import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { compileGlob, compileNamed, globBase } from '../../src/evidence/glob.ts'
import { pathBytes, pathText, staysInside } from '../../src/evidence/path-text.ts'

describe('names as text', () => {
  test('turn back into the same bytes, and different names stay different', () => {
    const byte = fc.oneof(
      fc.constantFrom(0x5c, 0x78, 0x66, 0x35, 0x63, 0xc3, 0xa4, 0xff),
      fc.integer({ min: 1, max: 255 }),
    )
    holds(
      2000,
      fc.property(fc.uint8Array({ maxLength: 24 }), fc.array(byte, { maxLength: 24 }), (any, near) => {
        for (const bytes of [Buffer.from(any), Buffer.from(near)])
          expect(pathBytes(pathText(bytes)).equals(bytes)).toBe(true)
      }),
    )
  })

  test.each([
    ['plain.txt', [...Buffer.from('plain.txt')]],
    ['ü', [0xc3, 0xbc]],
    ['caf\\xe9', [0x63, 0x61, 0x66, 0xe9]],
    ['\\x5cxe9', [...Buffer.from('\\xe9')]],
    ['\ufffd', [0xef, 0xbf, 0xbd]],
  ])('%s', (text, bytes) => {
    expect(pathText(Buffer.from(bytes))).toBe(text)
  })

  test.each([
    ['a/b', true],
    ['.hidden/..x', true],
    ['', false],
    ['/a', false],
    ['..', false],
    ['a/../b', false],
    ['./a', false],
    ['a//b', false],
    ['a/', false],
    ['a\0', false],
  ])('stays inside: %j', (path, inside) => expect(staysInside(path)).toBe(inside))
})

describe('globs', () => {
  test.each<[string, string[], string[]]>([
    ['src/**', ['src/a', 'src/b/c.ts', 'src/.x', 'src/.y/z'], ['a', 'lib/src/a', 'srcs/a']],
    ['**/*', ['a', 'a/b', '.a/.b'], []],
    ['*.ts', ['a.ts', '.a.ts'], ['src/a.ts', 'a.js']],
    ['**/*.ts', ['a.ts', 'src/deep/a.ts'], ['a.tsx']],
    ['src/*/x', ['src/a/x'], ['src/x', 'src/a/b/x']],
    ['{a,b}.txt', ['a.txt', 'b.txt'], ['c.txt']],
    ['./src/*', ['src/a'], ['src/a/b']],
    ['src/', ['src/a', 'src/b/c'], ['src']],
    ['src/[id].ts', ['src/i.ts', 'src/d.ts', 'src/[id].ts'], ['src/id.ts']],
    ['src/\\[id\\].ts', ['src/[id].ts'], ['src/i.ts']],
    ['!(a).txt', ['b.txt'], ['a.txt']],
    ['plain.txt', ['plain.txt'], ['x/plain.txt']],
    ['ü/**', ['ü/x'], ['u/x']],
    ['src', ['src', 'src/a', 'src/b/c'], ['srcs', 'srcs/a', 'lib/src']],
    ['./src/lib', ['src/lib', 'src/lib/a'], ['src', 'src/a']],
  ])('%s', (glob, yes, no) => {
    const matches = compileGlob(glob)
    expect({ yes: yes.filter((path) => !matches(path)), no: no.filter((path) => matches(path)) }).toEqual({
      yes: [],
      no: [],
    })
  })

  test.each([
    ['src/**', 'src'],
    ['src/gen/*.ts', 'src/gen'],
    ['**/*', ''],
    ['*.ts', ''],
    ['a/b.ts', 'a/b.ts'],
    ['./dist/', 'dist'],
    ['{a,b}/c', ''],
  ])('the fixed part of %s is %j', (glob, base) => expect(globBase(glob)).toBe(base))

  test('a named path is itself and what lies below', () => {
    const matches = compileNamed({ path: './a/b/' })
    expect(['a/b', 'a/b/c', 'a/bc', 'a'].map(matches)).toEqual([true, true, false, false])
  })
})
