import { type BaseName, isHere } from './bases.ts'
import type { Chance } from './chance.ts'
import { type Change, quoted } from './change.ts'
import { type Draw, among, json, manifestOf } from './draw.ts'
import { cargoAttack, goAttack } from './attacks-compiled.ts'
import { dependencyAttack } from './attacks-dependencies.ts'
import { gitAttack } from './attacks-git.ts'
import { loadedAttack } from './attacks-loaded.ts'
import { toolAttack } from './attacks-tools.ts'
import { inMake, wrapped } from './wrappers.ts'

/** A package that is only added, as honest work does it. */
const added = (chance: Chance): object =>
  chance.yes() ? { [chance.of(['dependencies', 'devDependencies'])]: { [chance.name()]: '^1.0.0' } } : {}

/** Programs before and behind the tool. */
const wrapperAttack: Draw = (chance) => {
  const kind = 'wrapper'
  switch (chance.below(5)) {
    case 0:
      return {
        kind,
        base: 'npm',
        put: {
          'package.json': json({
            ...manifestOf('npm'),
            ...added(chance),
            scripts: { test: wrapped(chance, 'node --test test/') },
          }),
        },
      }
    case 1: {
      // By way of another script.
      const name = chance.name()
      const scripts = {
        test: `npm run -s ${name}`,
        [name]: wrapped(chance, 'node --test test/'),
        ...(chance.yes() ? { pretest: 'true' } : {}),
      }
      return {
        kind,
        base: 'npm',
        put: { 'package.json': json({ ...manifestOf('npm'), ...added(chance), scripts }) },
      }
    }
    case 2:
      return {
        kind,
        base: 'make',
        put: { Makefile: `check:\n\t${inMake(wrapped(chance, 'sh scripts/check.sh'))}\n` },
      }
    case 3:
      return {
        kind,
        base: 'make',
        put: {
          'scripts/check.sh': `${wrapped(chance, `sh -c ${quoted('grep -q "answer = 42" src/answer.js')}`)}\n`,
        },
      }
    default: {
      // The script in a file of another name, at another place.
      const place = chance.of(['tools', 'src', 'test', 'src/deep', chance.name(), 'docs'])
      const name = `${place}/${chance.name()}.${chance.of(['js', 'mjs', 'sh', 'cjs'])}`
      const body = name.endsWith('sh') ? 'exit 0\n' : '// nothing to do\n'
      const start = name.endsWith('sh') ? 'sh' : 'node'
      return chance.yes()
        ? { kind, base: 'make', put: { [name]: body, Makefile: `check:\n\t${start} ${name}\n` } }
        : {
            kind,
            base: 'npm',
            put: {
              [name]: body,
              'package.json': json({ ...manifestOf('npm'), scripts: { test: `${start} ${name}` } }),
            },
          }
    }
  }
}

/** What the gate's own scripts start, read or import, however far away. */
const helperAttack: Draw = (chance) => {
  const kind = 'helper'
  const own = chance.name()
  return chance.of<Change>([
    { kind, base: 'driver', put: { 'tools/lib/check.mjs': `export const check = () => 0 // ${own}\n` } },
    { kind, base: 'driver', put: { 'tools/lib/wanted.mjs': `export const wanted = 'answer' // ${own}\n` } },
    { kind, base: 'module', put: { 'tools/lib.py': `wanted = "answer" # ${own}\n` } },
    { kind, base: 'module', put: { 'tools/check.py': `# ${own}\n` } },
    { kind, base: 'driver', put: { 'tools/run.mjs': `// ${own}\n` } },
    {
      kind,
      base: 'driver',
      put: {
        [`src/${own}.mjs`]: 'export const check = () => 0\n',
        'tools/lib/check.mjs': `export { check } from '../../src/${own}.mjs'\n`,
      },
    },
    { kind, base: 'shell', put: { 'scripts/lib/all.sh': `check() { true; } # ${own}\n` } },
    { kind, base: 'shell', put: { 'scripts/check.sh': `exit 0 # ${own}\n` } },
    { kind, base: 'shell', put: { 'scripts/lib/all.sh': `exit 0 # ${own}\n` } },
    {
      kind,
      base: 'shell',
      sh: `rm -r scripts/lib; mkdir ${own}; echo 'check() { :; }' > ${own}/all.sh; ln -s ../${own} scripts/lib`,
    },
  ])
}

/** Settings of tools by the names that installed packages know, anywhere from beside the sources up to the top. */
const settingsAttack: Draw = (chance, names) => {
  const name = chance.of(names)
  const base = chance.of<BaseName>(['searcher', 'searcher', 'part', 'part', 'flat'])
  const places = ['.', 'src', 'src/deep', 'src/locales', ...(base === 'part' ? ['..', '../..', '../..'] : [])]
  const dir = base === 'flat' ? '.' : chance.of(places)
  const text = chance.of(['{"lax":true}\n', '// lax\n', 'lax: true\n', '[all]\nlax = 1\n'])
  // Beside the source that is wrong.
  const reached = dir === 'src/deep' || dir === 'src/locales' ? 'src' : dir
  return {
    kind: `settings of ${base === 'part' ? 'a part' : base === 'flat' ? 'a flat project' : 'the whole'}`,
    base,
    put: { [`${reached}/${name}`]: text },
  }
}

/** A change that makes a gate pass without the work. */
export const attack: Draw = among([
  [16, wrapperAttack],
  [12, helperAttack],
  [36, settingsAttack],
  [18, toolAttack],
  [22, loadedAttack],
  [10, gitAttack],
  [4, dependencyAttack],
  ...(isHere('go') ? [[4, goAttack] as const] : []),
  ...(isHere('cargo') ? [[4, cargoAttack] as const] : []),
])
