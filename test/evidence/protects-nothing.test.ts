import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import type { Evidence, Task } from '../../src/contract/types.ts'
import { commitBaseline } from '../../src/evidence/baseline.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import { protectsNothing, protectsNothingNow } from '../../src/evidence/protects-nothing.ts'
import { type Rig, withRig } from './rig.ts'

function start(rig: Rig): void {
  rig.write('.gitignore', 'dist/\n.env\n').write('src/a.ts').write('LICENSE').write('gone.txt').commitAll()
  rig.write('dist/x.js').write('.env').write('draft.md').rm('gone.txt')
  rig.write('node_modules/m/index.js')
  fs.mkdirSync(rig.path('empty'))
  fs.symlinkSync('src', rig.path('code'))
  fs.symlinkSync('none', rig.path('bare'))
}

/** Of these something was there, or it cannot be known. */
const something: Evidence[] = [
  { kind: 'pathUnchanged', path: 'LICENSE' },
  { kind: 'pathUnchanged', path: 'src' },
  { kind: 'pathUnchanged', path: './src/' },
  { kind: 'pathUnchanged', glob: 'src/**' },
  { kind: 'pathUnchanged', glob: '**/*.md' },
  { kind: 'pathUnchanged', path: '.env' },
  { kind: 'pathUnchanged', path: 'dist' },
  { kind: 'pathUnchanged', glob: 'dist/*.js' },
  { kind: 'pathUnchanged', path: 'node_modules/m' },
  { kind: 'pathUnchanged', path: 'code/a.ts' },
  { kind: 'pathUnchanged', glob: 'code/*.ts' },
  { kind: 'pathAbsent', glob: 'src/**' },
  { kind: 'pathAbsent', path: 'draft.md' },
  { kind: 'pathAbsent', path: 'empty' },
  { kind: 'pathAbsent', path: 'bare' },
]

const nothing: Evidence[] = [
  { kind: 'pathUnchanged', path: 'LICENCE' },
  { kind: 'pathUnchanged', path: 'gone.txt' },
  { kind: 'pathUnchanged', path: 'SRC' },
  { kind: 'pathUnchanged', glob: 'lib/**' },
  { kind: 'pathUnchanged', glob: '*.lock' },
  { kind: 'pathUnchanged', path: 'code/b.ts' },
  { kind: 'pathUnchanged', path: 'bare/x' },
  { kind: 'pathAbsent', glob: 'src/**/*.orig' },
  { kind: 'pathAbsent', path: 'old.txt' },
]

/** That nothing is there is what they are about. */
const others: Evidence[] = [
  { kind: 'pathExists', path: 'new.md' },
  { kind: 'pathExists', glob: 'lib/**' },
  { kind: 'pathChanged', glob: 'lib/**' },
  { kind: 'fileMatches', path: 'new.md', pattern: 'x', absent: true },
  { kind: 'commandRef', name: 'test' },
]

const all = [...something, ...nothing, ...others]
const tasks: Task[] = [
  { id: 'T1', title: 't', required: true, dependsOn: [], evidence: [{ kind: 'pathExists', path: 'a' }] },
  { id: 'T2', title: 't', required: true, dependsOn: [], evidence: all },
]
const expected = nothing.map((one) => ({ taskId: 'T2', index: all.indexOf(one) }))

test.each(['baseline', 'reported'] as const)(
  'evidence that protects nothing is known by the start, whatever was done since (%s)',
  async (taken) => {
    await withRig(async (rig) => {
      start(rig)
      const before = await rig[taken](namedPaths(tasks))
      expect(await protectsNothing(rig.root, [before], tasks, rig.options)).toEqual(expected)
      rig.write('LICENCE').write('lib/a').write('a.lock').rm('LICENSE').rm('draft.md').rm('src')
      expect(await protectsNothing(rig.root, [before], tasks, rig.options)).toEqual(expected)
    })
  },
)

test('without git the same, but that nobody ignored anything', async () => {
  await withRig(async (rig) => {
    start(rig)
    fs.rmSync(rig.path('.git'), { recursive: true })
    const before = await rig.baseline(namedPaths(tasks))
    expect(before.kind).toBe('plain')
    expect(await protectsNothing(rig.root, [before], tasks, rig.options)).toEqual(expected)
  })
})

test('the workspace as it is says the same of a contract that nobody has begun', async () => {
  await withRig(async (rig) => {
    start(rig)
    expect(await protectsNothingNow(rig.root, tasks)).toEqual(expected)
  })
})

test('beside a report the commit counts too, and what a sparse checkout leaves out', async () => {
  await withRig(async (rig) => {
    start(rig)
    const head = commitBaseline(rig.root, rig.git(['rev-parse', 'HEAD']).trim(), rig.options)
    const gone: Task = { ...tasks[0]!, evidence: [{ kind: 'pathUnchanged', path: 'gone.txt' }] }
    const reported = await rig.reported()
    expect(await protectsNothing(rig.root, [reported, head], [gone], rig.options)).toEqual([])
    rig.git(['checkout', '-q', 'gone.txt'])
    rig.git(['sparse-checkout', 'set', '--no-cone', '/src/'])
    expect(fs.existsSync(rig.path('gone.txt'))).toBe(false)
    expect(await protectsNothing(rig.root, [await rig.baseline()], [gone], rig.options)).toEqual([])
    expect(await protectsNothing(rig.root, [], [gone], rig.options)).toEqual([])
  })
})
