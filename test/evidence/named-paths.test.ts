import { expect, test } from '@jest/globals'
import type { Evidence, Task } from '../../src/contract/types.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'

const task = (id: string, ...evidence: Evidence[]): Task => ({
  id,
  title: id,
  required: true,
  dependsOn: [],
  evidence,
})
const changed = { kind: 'pathChanged', glob: 'src/**' } as const

test('each name once, in the order of the tasks; what runs a command names nothing', () => {
  const tasks = [
    task('T1', changed, { kind: 'fileMatches', path: 'a', pattern: 'x' }, { kind: 'commandRef', name: 'a' }),
    task('T2', { kind: 'pathAbsent', path: 'a' }, { kind: 'pathExists', glob: 'a' }, changed),
  ]
  expect(namedPaths(tasks)).toEqual([{ glob: 'src/**' }, { path: 'a' }, { glob: 'a' }])
})

test('what must stay stays, whoever names it as well', () => {
  const tasks = [task('T1', { kind: 'pathExists', path: 'a' }, { kind: 'pathUnchanged', path: 'a' }, changed)]
  expect(namedPaths(tasks)).toEqual([{ path: 'a', stays: true }, { glob: 'src/**' }])
})
