import { expect, test } from '@jest/globals'
import {
  type PinKind,
  comparisonOf,
  pinId,
  pinKind,
  pinnedBy,
  versionId,
} from '../../src/definition/pin-id.ts'
import { changed, command } from './workspace.ts'

/** As ledgers hold them since 0.1: a run that was frozen by an older release is compared by these texts. */
const stored: readonly [kind: Exclude<PinKind, 'version'>, of: string, id: string][] = [
  ['part', 'package.json#scripts.test', 'package.json#scripts.test'],
  ['file', 'Makefile', 'file:Makefile'],
  ['tree', '.codex', 'tree:.codex'],
  ['absent', 'pytest.py', 'absent:pytest.py'],
  ['crowd', 'lib', 'crowd:lib'],
  ['locked', 'node:node_modules/.bin/jest', 'locked:node:node_modules/.bin/jest'],
  ['lock', 'node:node_modules/.bin/jest', 'lock:node:node_modules/.bin/jest'],
  ['member', 'packages/a', 'member:packages/a'],
  ['addable', 'pom.xml#module a', 'addable:pom.xml#module a'],
]

test.each(stored)('the id of a pin of kind %s', (kind, of, id) => {
  expect(pinId(kind, of)).toBe(id)
  expect(pinKind(pinId(kind, of))).toBe(kind)
  expect(pinnedBy(pinId(kind, of))).toBe(of)
})

test('the version is a kind of its own', () => {
  expect(versionId).toBe('pins-version')
  expect(pinKind(versionId)).toBe('version')
})

test.each(stored)('a part of a file in a directory called like the kind %s is a part', (kind) => {
  const of = `${kind}:x/package.json#scripts.test`
  expect(pinKind(pinId('part', of))).toBe('part')
  expect(pinnedBy(pinId('part', of))).toBe(of)
  expect(comparisonOf(pinId('part', of))).toBe('value')
})

test.each(['lock', 'member', 'addable', 'locked'])(
  'a package in a directory called %s:x is compared',
  (kind) => {
    const file = `${kind}:x/package.json`
    const body = (script: string) => JSON.stringify({ scripts: { test: script } })
    const found = changed({ [file]: body('jest') }, [command(['npm', 'test'], { cwd: `${kind}:x` })], {
      [file]: body('true'),
    })
    expect(found).toMatchObject([{ file, before: 'jest', after: 'true' }])
  },
)
