import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds, sampleOf } from '../rig/long.ts'
import { namedPaths } from '../../src/evidence/named-paths.ts'
import { globRegExp } from '../../src/contract/glob-regexp.ts'
import { globProblem } from '../../src/contract/path-rules.ts'
import { readGlob } from '../../src/contract/read-glob.ts'
import type { Evidence, Task } from '../../src/contract/types.ts'
import { evaluate } from '../../src/evidence/evaluate.ts'
import { compileGlob, globBase } from '../../src/evidence/glob.ts'
import { unmetAtBaseline } from '../../src/evidence/unmet-at-baseline.ts'
import { type Rig, changes, withRig } from './rig.ts'

/** What a row of the table says: paths it matches, paths it does not, and the directory every match lies in. */
type Row = [glob: string, yes: string[], no: string[], base: string]

const names: Row[] = [
  ['app/(auth)/**', ['app/(auth)/a', 'app/(auth)/b/c'], ['app/auth/a', 'app/(auth)x/a'], 'app/(auth)'],
  ['app/(auth)', ['app/(auth)', 'app/(auth)/a'], ['app/auth'], 'app/(auth)'],
  ['app/(auth)/*.tsx', ['app/(auth)/a.tsx'], ['app/(auth)/b/a.tsx'], 'app/(auth)'],
  ['**/(auth)/**', ['(auth)/a', 'app/(auth)/a'], ['auth/a'], ''],
  ['(.)photo/**', ['(.)photo/a'], ['.photo/a', 'photo/a'], '(.)photo'],
  ['app/(..)(..)photo/*', ['app/(..)(..)photo/a'], ['photo/a'], 'app/(..)(..)photo'],
  ['(...)a/[id]/**', ['(...)a/[id]/x', '(...)a/i/x'], ['(...)a/id/x'], '(...)a'],
  ['foo (copy)/**', ['foo (copy)/x'], ['foo copy/x', 'foo /x'], 'foo (copy)'],
  ['docs/foo (copy).md', ['docs/foo (copy).md'], ['docs/foo copy.md'], 'docs/foo (copy).md'],
  ['1) intro/*', ['1) intro/a'], ['1/a'], '1) intro'],
  ['a(b/**', ['a(b/x'], ['ab/x'], 'a(b'],
  ['((a) b)/*', ['((a) b)/x'], ['a b/x'], '((a) b)'],
  ['(copy)?', ['(copy)1'], ['(copy', '(copy)', 'copy'], ''],
  ['(a)+b/**', ['(a)+b/x'], ['ab/x', 'aab/x'], '(a)+b'],
  ['[...slug]/**', ['[...slug]/x'], ['./x', 's/x', '.../x'], '[...slug]'],
  ['app/[[...slug]]/**', ['app/[[...slug]]/x'], ['app/[/x', 'app/s]/x'], 'app/[[...slug]]'],
  ['[...a].astro', ['[...a].astro'], ['a.astro'], '[...a].astro'],
  ['[[lang]]/**', ['[[lang]]/x'], ['l]/x'], '[[lang]]'],
  ['[id]/**', ['[id]/x', 'i/x', 'd/x'], ['id/x'], ''],
  ['app/[id]', ['app/[id]', 'app/[id]/page.tsx', 'app/i'], ['app/id', 'app/i/page.tsx'], 'app'],
  ['[id]-[slug]/*', ['[id]-[slug]/x', 'i-s/x', '[id]-s/x'], ['id-slug/x'], ''],
  ['[post-id]/**', ['[post-id]/x'], ['p/x', 'post-id/x'], '[post-id]'],
  ['[item-id].vue', ['[item-id].vue'], ['i.vue'], '[item-id].vue'],
  ['site[.]xml.ts', ['site[.]xml.ts', 'site.xml.ts'], ['sitexxml.ts'], ''],
  ['[x+1]/*', ['[x+1]/a', 'x/a', '+/a'], ['y/a'], ''],
  ['[]/**', ['[]/x'], ['/x'], '[]'],
  // What picomatch writes for these is not a regular expression.
  ['[]-"]', ['[]-"]'], [']', '-', '"'], '[]-"]'],
  ['[]-$!]/*', ['[]-$!]/x'], [']/x', '!/x'], '[]-$!]'],
  ['src/[[:digit:]/*', ['src/[[:digit:]/x'], ['src/1/x'], 'src/[[:digit:]'],
  ['{a**}/x', ['{a**}/x', '{abc}/x'], ['abc/x', '{b}/x'], ''],
  ['{{name}.**}', ['{{name}.ts}'], ['name.ts'], ''],
  ['a[b/**', ['a[b/x'], ['ab/x'], 'a[b'],
  ['a]b/**', ['a]b/x'], ['ab/x'], 'a]b'],
  ['[a/b]/*', ['[a/b]/x'], ['a/x'], '[a/b]'],
  ['{{cookiecutter.slug}}/**', ['{{cookiecutter.slug}}/x'], ['cookiecutter.slug/x'], ''],
  ['{{x}}', ['{{x}}', '{{x}}/a'], ['x'], ''],
  ['${a}/*', ['${a}/x'], ['a/x'], ''],
  ['routes/+page.svelte', ['routes/+page.svelte'], ['routes/page.svelte'], 'routes/+page.svelte'],
  ['{a,b}+c/*', ['a+c/x', 'b+c/x'], ['ac/x', 'aac/x'], ''],
  ['[id]+c', ['[id]+c', 'i+c'], ['ic', 'iic'], ''],
  ['c++/**', ['c++/x'], ['c/x', 'cc/x'], 'c++'],
  ['@modal/(.)a/**', ['@modal/(.)a/x'], ['modal/a/x'], '@modal/(.)a'],
  ['say "hi"/**', ['say "hi"/x'], ['say hi/x'], 'say "hi"'],
  ['a$b^c/**', ['a$b^c/x'], ['ab/x'], 'a$b^c'],
  ['a$$/**', ['a$$/x'], ['a/x'], 'a$$'],
  ['a, b/**', ['a, b/x'], [], 'a, b'],
  ['Müller & Söhne/**', ['Müller & Söhne/ä.txt'], ['Muller & Sohne/x'], 'Müller & Söhne'],
  ['**/ü*', ['ü', 'a/über'], ['u'], ''],
  ['📦 (neu)/**', ['📦 (neu)/x'], ['📦 neu/x'], '📦 (neu)'],
  ['v1.2/**', ['v1.2/x'], ['v112/x'], 'v1.2'],
]

const wildcards: Row[] = [
  // Names may hold line ends.
  ['test/**', ['test/a\nb.js', 'test/\u2028/b.js'], ['other/a\nb.js'], 'test'],
  ['**/*.js', ['a\nb.js', 'x\u2028y/b.js'], ['a\nb.ts'], ''],
  ['@(a|b)/**', ['a/x', 'b/x'], ['c/x', '@(a|b)/x'], ''],
  ['@(a|b)?', ['ax', 'b1'], ['a', 'ab/x'], ''],
  ['@(?|ab)c', ['xc', 'abc'], ['c', 'xxc'], ''],
  ['src/!(gen)/**', ['src/a/x'], ['src/gen/x'], 'src'],
  ['src/!(*.test).ts', ['src/a.ts'], ['src/a.test.ts'], 'src'],
  ['+(a|b).txt', ['a.txt', 'abba.txt'], ['.txt', 'c.txt'], ''],
  ['?(a)b', ['ab', 'b'], ['aab'], ''],
  ['*(ab)c', ['c', 'ababc'], ['ac'], ''],
  ['@(a (copy)|b)/**', ['a (copy)/x', 'b/x'], ['a copy/x', 'a/x'], ''],
  ['(auth)/@(a|b)/(x)', ['(auth)/a/(x)', '(auth)/b/(x)'], ['auth/a/x'], '(auth)'],
  ['{(auth),[...slug]}/**', ['(auth)/x', '[...slug]/x'], ['auth/x', 's/x'], ''],
  ['{(..)a,(.)b}/*', ['(..)a/x', '(.)b/x'], ['a/x', 'b/x'], ''],
  ['**/*.{ts,tsx,d.ts}', ['a.ts', 'a/b.tsx', 'a.d.ts'], ['a.js', 'adts'], ''],
  ['{a..c}/x', ['a/x', 'c/x'], ['d/x'], ''],
  ['{a,b{c,d}}/*', ['a/x', 'bd/x'], ['b/x'], ''],
  ['[a-z]/x', ['b/x', '[a-z]/x'], ['B/x', '-/x'], ''],
  ['[a-z]?', ['ab', '[a-z]b'], ['a'], ''],
  ['[!a]*', ['b', 'bc'], ['a', 'ab'], ''],
  ['[^a]*', ['b', 'bc'], ['a', 'ab'], ''],
  ['[!a-c]/x', ['d/x', '!/x'], ['b/x'], ''],
  ['[]a]/x', [']/x', 'a/x'], ['b/x'], ''],
  ['[[:digit:]]/x', ['1/x'], ['a/x'], ''],
  ['a?b', ['axb', 'a.b'], ['ab', 'a/b'], ''],
]

const escapes: Row[] = [
  ['app/\\(auth\\)/**', ['app/(auth)/x'], ['app/auth/x'], 'app/(auth)'],
  ['app/\\(auth\\)', ['app/(auth)', 'app/(auth)/x'], ['app/auth'], 'app/(auth)'],
  ['\\[id\\]/*', ['[id]/x'], ['i/x'], '[id]'],
  ['\\*/x', ['*/x'], ['a/x'], '*/x'],
  ['a\\?/**', ['a?/x'], ['ab/x'], 'a?'],
  ['\\{a,b\\}/*', ['{a,b}/x'], ['a/x'], '{a,b}'],
  ['\\@(a)/*', ['@(a)/x'], ['a/x'], '@(a)'],
  ['@\\(a|b', [], ['@(a', 'b'], '@(a|b'],
  ['a\\|b/*', ['a|b/x'], ['a', 'b/x'], 'a|b'],
  ['a\\\\b/*', ['a\\b/x'], ['ab/x'], 'a\\b'],
  ['\\.x/*', ['.x/a'], ['ax/a'], '.x'],
  ['a\\ b/*', ['a b/x'], [], 'a b'],
  ['\\ü/*', ['ü/x'], [], 'ü'],
]

describe('globs', () => {
  test.each([...names, ...wildcards, ...escapes])('%s', (glob, yes, no, base) => {
    const matches = compileGlob(glob)
    expect({
      missed: yes.filter((path) => !matches(path)),
      wrong: no.filter((path) => matches(path)),
    }).toEqual({
      missed: [],
      wrong: [],
    })
    expect(globBase(glob)).toBe(base)
  })

  test.each([...names, ...wildcards, ...escapes.filter(([glob]) => glob !== '@\\(a|b')])(
    '%s is accepted',
    (glob) => expect(globProblem(glob)).toBeNull(),
  )

  test.each<[string, RegExp, string]>([
    ['src/(a|b)/**', /only between the alternatives of `@\(a\|b\)`/, 'src/@(a|b)/**'],
    ['a|b', /only between/, 'src/@(a|b)/**'],
    ['@(a|b/**', /closes its `@\(`/, 'src/@(a|b)/**'],
    ['src/{a,b/**', /closes its `\{`/, 'src/{a,b}/**'],
    ['@(a(|b)/**', /closes its/, 'src/@(a|b)/**'],
    ['docs\\readme.md', /`\/` between directories/, 'docs/readme.md'],
    ['src\\**\\', /`\/` between directories/, 'src/**'],
    ['src/\\d+.ts', /a backslash only before/, 'src/d+.ts'],
    ['a{1..12}/*', /a range of single characters/, 'src/{a..c}/**'],
    ['\\.\\./x/**', /without `\.\.`/, 'src/**'],
    ['a/@(..)/x', /without `\.\.`/, 'src/**'],
    ['{..,a}/x', /without `\.\.`/, 'src/**'],
    ['@(.git|a)/x', /outside `\.git`/, 'src/**'],
    ['\\.git/x', /outside `\.git`/, 'src/**'],
    ['\\/etc/**', /relative/, 'etc/**'],
    ['+([,|\n)x', /can be read/, 'src/**/*.test.{js,ts}'],
  ])('%s is refused', (glob, allowed, example) => {
    expect(globProblem(glob)).toEqual({ allowed: expect.stringMatching(allowed), example })
    expect(globProblem(example)).toBeNull()
  })

  const name = fc
    .string({ unit: fc.constantFrom(...'ab.-_ ()[]+"$^!@,&\'ü'.split('')), minLength: 1, maxLength: 10 })
    .filter((text) => !/^\.*$/.test(text))

  test('a name with every character escaped is that name', () => {
    holds(
      2000,
      fc.property(fc.string({ minLength: 1, maxLength: 12 }), name, (one, other) => {
        const path = one.replace(/[/\0]|^\.+$/g, '') || 'x'
        const glob = path.replace(/[^\p{L}\d]/gu, '\\$&')
        expect([glob, `${glob}/*`].map(globBase)).toEqual([path, path])
        const [itself, inside] = [compileGlob(glob), compileGlob(`${glob}/*`)]
        expect([path, `${path}/x`, other].map(itself)).toEqual([true, true, other === path])
        expect([path, `${path}/x`, `${other}/x`].map(inside)).toEqual([false, true, other === path])
      }),
    )
  })

  test('a name as it stands is that name', () => {
    holds(
      5000,
      fc.property(name, (text) => {
        // Written like this they are groups and negations, and say so.
        if (/[!@+]\(|^\.\/|\[[!^]|\[:/.test(text)) return
        expect(compileGlob(`${text}/*`)(`${text}/x`)).toBe(true)
        const base = globBase(`${text}/*`)
        expect(base === '' || base === text).toBe(true)
      }),
    )
  })

  const special = 'ab./*?[]{}()!@+|,^-\\"$:\n'
    .split('')
    .concat('@(', '+(', '*(', '!(', '[[:digit:]', '**', '..')
  const any = fc.array(fc.constantFrom(...special), { maxLength: 16 }).map((parts) => parts.join(''))

  test('whatever the text is, there is an answer', () => {
    holds(
      { short: 5000, found: [['[]-"]']] },
      fc.property(any, (glob) => expect(compileGlob(glob)('a/b')).toEqual(expect.any(Boolean))),
    )
  })

  test('what a contract accepts is a pattern', () => {
    const found = ['[]-$!]**', '[[:digit:]?', '{]^**}', '[[[:x:]{*]', '+([,|\n)'].map((one): [string] => [
      one,
    ])
    holds(
      { short: 3000, found },
      fc.property(any, (glob) => {
        if (globProblem(glob) === null) expect(globRegExp(readGlob(glob).pattern)).not.toBeNull()
      }),
    )
  })

  test('a text that is too long to be read is the path it names', () => {
    const long = `${'a/'.repeat(40_000)}*`
    expect(compileGlob(long)('a')).toBe(false)
    expect(compileGlob(long)(long)).toBe(true)
  })
})

const pairs = [
  ['app/(auth)/**', 'app/(auth)'],
  ['app/\\(auth\\)/**', 'app/(auth)'],
  ['app/(auth)', 'app/(auth)'],
  ['**/(auth)/*.ts', 'app/(auth)'],
  ['app/[[...slug]]/**', 'app/[[...slug]]'],
  ['app/\\[...slug\\]/**', 'app/[...slug]'],
  ['app/[id]', 'app/[id]'],
  ['app/[post-id]/**', 'app/[post-id]'],
  ['app/(.)photo/*', 'app/(.)photo'],
  ['größe (ü)/**', 'größe (ü)'],
  ['{{name}}/**', '{{name}}'],
] as const

const places: [string, (rig: Rig) => unknown][] = [
  ['in a repository', (rig) => rig.commitAll()],
  ['without git', () => undefined],
]

describe.each(places)('evidence with such globs %s', (_name, keep) => {
  const judged = async (rig: Rig, kind: Evidence['kind'], glob: string, act: () => unknown) => {
    const tasks = [
      { id: 'T1', title: 't', required: true, dependsOn: [], evidence: [{ kind, glob } as Evidence] },
    ] satisfies Task[]
    const named = namedPaths(tasks)
    const before = await rig.baseline(named)
    act()
    const comparison = await rig.compare(before, named)
    const [fact] = await evaluate(tasks, { root: rig.root, comparison })
    const unmet = await unmetAtBaseline(rig.root, before, tasks[0]!.evidence[0]!, rig.options)
    return [fact?.met, unmet]
  }

  test.each(sampleOf(pairs, 6))('%s', async (glob, dir) => {
    await withRig(async (rig) => {
      const [file, added] = [`${dir}/a.ts`, `${dir}/b.ts`]
      rig.write('other.ts').write(file)
      keep(rig)
      const others = (): unknown => rig.write('other.ts', 'new\n')
      expect({
        there: await judged(rig, 'pathExists', glob, others),
        stillThere: await judged(rig, 'pathAbsent', glob, others),
        same: await judged(rig, 'pathUnchanged', glob, others),
        notChanged: await judged(rig, 'pathChanged', glob, others),
        edited: await judged(rig, 'pathChanged', glob, () => rig.write(file, 'edited\n')),
        notSame: await judged(rig, 'pathUnchanged', glob, () => rig.write(file, 'again\n')),
        notSameAdded: await judged(rig, 'pathUnchanged', glob, () => rig.write(added)),
        notSameRemoved: await judged(rig, 'pathUnchanged', glob, () => rig.rm(dir)),
        gone: await judged(rig, 'pathAbsent', glob, others),
        notThere: await judged(rig, 'pathExists', glob, others),
        back: await judged(rig, 'pathChanged', glob, () => rig.write(file, 'back\n')),
      }).toEqual({
        there: [true, false],
        stillThere: [false, true],
        same: [true, false],
        notChanged: [false, true],
        edited: [true, true],
        notSame: [false, false],
        notSameAdded: [false, false],
        notSameRemoved: [false, false],
        gone: [true, false],
        notThere: [false, true],
        back: [true, true],
      })
    })
  })
})

describe('what git ignores', () => {
  const ignored = ['(auth)', '[...slug]', 'a\\b', ' (b) ']
  test.each(sampleOf(ignored, 2))(
    'a directory %j that is ignored is looked at where a glob starts with it',
    async (dir) => {
      await withRig(async (rig) => {
        const escaped = dir.replace(/[^a-z]/g, '\\$&')
        rig.write('.gitignore', `/out/${escaped}/\n`).write('a').commitAll().write(`out/${dir}/a`)
        const named = [{ glob: `out/${escaped}/*` }]
        const before = await rig.baseline(named)
        rig.write(`out/${dir}/a`, 'new\n')
        expect(changes(await rig.compare(before, named))).toEqual([`modified out/${dir}/a`])
      })
    },
  )

  test.each(['app/(auth)/**', 'app/\\(auth\\)/**', 'app/(auth)'])(
    'below %s a new rule hides nothing',
    async (glob) => {
      await withRig(async (rig) => {
        rig.write('app/(auth)/a').commitAll()
        const named = [{ glob, stays: true as const }]
        const before = await rig.baseline(named)
        rig.write('app/(auth)/.gitignore', '*\n').write('app/(auth)/b')
        expect(changes(await rig.compare(before, named))).toEqual([
          'added app/(auth)/.gitignore',
          'added app/(auth)/b',
        ])
      })
    },
  )
})

test.each(['lib (old)/**', 'lib \\(old\\)/**'])('%s leads through a link', async (glob) => {
  await withRig(async (rig) => {
    rig.write('(real) [...x]/a').commitAll()
    fs.symlinkSync('(real) [...x]', rig.path('lib (old)'))
    const before = await rig.baseline([{ glob }])
    rig.write('(real) [...x]/a', 'new\n')
    const evidence: Evidence[] = [
      { kind: 'pathExists', glob },
      { kind: 'pathChanged', glob },
      { kind: 'pathUnchanged', glob },
    ]
    const tasks = [{ id: 'T1', title: 't', required: true, dependsOn: [], evidence }]
    const facts = await evaluate(tasks, {
      root: rig.root,
      comparison: await rig.compare(before, namedPaths(tasks)),
    })
    expect(facts.map((fact) => fact.met)).toEqual([true, true, false])
  })
})

test.each(['\\\\x2e\\\\x2e/home/**', '\\.\\./home/**'])('%s leads nowhere', async (glob) => {
  await withRig(async (rig) => {
    fs.writeFileSync(`${rig.home}/secret`, 'x')
    const evidence: Evidence[] = [
      { kind: 'pathExists', glob },
      { kind: 'pathExists', path: '\\x2e\\x2e/home/secret' },
      { kind: 'fileMatches', path: '\\x2e\\x2e\\x2fhome/secret', pattern: 'x' },
    ]
    const tasks = [{ id: 'T1', title: 't', required: true, dependsOn: [], evidence }]
    const facts = await evaluate(tasks, {
      root: rig.root,
      comparison: await rig.compare(await rig.baseline(), []),
    })
    expect(facts.map((fact) => fact.met)).toEqual([false, false, false])
  })
})
