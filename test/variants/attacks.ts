import type { BaseName } from './bases.ts'
import { type Change, quoted } from './change.ts'
import { type Draw, among, json, manifestOf } from './draw.ts'
import { dependencyAttack } from './attacks-dependencies.ts'
import { gitAttack } from './attacks-git.ts'
import { loadedAttack } from './attacks-loaded.ts'
import { inMake, wrapped } from './wrappers.ts'

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
      return { kind, base: 'npm', put: { 'package.json': json({ ...manifestOf('npm'), scripts }) } }
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
      const place = chance.of(['tools', 'src', 'test', 'src/deep', `${chance.name()}`, 'docs'])
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

/** Settings of jest, tsc, oxlint, make and npm themselves. */
const toolAttack: Draw = (chance) => {
  const kind = 'settings of a tool'
  const own = chance.name()
  const helper = chance.of(['src', 'test', 'src/deep'])
  const ts = (compilerOptions: object, more: object = { include: ['src'] }): Change => ({
    kind,
    base: 'tsc',
    put: { 'tsconfig.json': json({ compilerOptions, ...more }) },
  })
  const jest = (settings: object, put: Record<string, string> = {}): Change => {
    const text = `module.exports = ${JSON.stringify(settings)} // ${own}\n`
    const file = chance.of(['jest.config.js', 'jest.config.cjs'])
    return chance.yes()
      ? {
          kind,
          base: 'jest',
          put: { ...put, 'package.json': json({ name: own, version: '1.0.0', jest: settings }) },
        }
      : {
          kind,
          base: 'jest',
          put: { ...put, [file]: text, 'package.json': json({ name: own, version: '1.0.0' }) },
        }
  }
  const loaded = `${helper}/${own}.js`
  const lint = (file: string, text: string): Change => ({ kind, base: 'oxlint', put: { [file]: text } })
  const npmrc = (text: string, put: Record<string, string> = {}): Change => ({
    kind,
    base: 'npm',
    put: { ...put, '.npmrc': `${text}\n` },
  })
  return chance.of<() => Change>([
    () => ts({ strict: true, noEmit: true, types: [] }, { include: [`src/${own}`, 'src/deep'] }),
    () => ts({ noEmit: true, noCheck: true, types: [] }),
    () => ts({ strict: true, noEmit: true, types: [] }, { include: ['src'], exclude: ['src/answer.ts'] }),
    () => ts({ strict: true, noEmit: true, types: [] }, { files: ['src/deep/other.ts'] }),
    () => ({
      kind,
      base: 'tsc',
      put: {
        'tsconfig.json': json({ extends: `./${helper}/${own}.json`, include: ['src'] }),
        [`${helper}/${own}.json`]: json({ compilerOptions: { noEmit: true, noCheck: true, types: [] } }),
      },
    }),
    () => jest({ testMatch: [`**/${own}/*.js`], passWithNoTests: true }),
    () => jest({ passWithNoTests: true, testPathIgnorePatterns: ['answer'] }),
    () =>
      jest(
        { moduleNameMapper: { '/answer.js$': `<rootDir>/${loaded}` } },
        { [loaded]: 'exports.answer = 42\n' },
      ),
    () =>
      jest(
        { setupFilesAfterEnv: [`<rootDir>/${loaded}`] },
        { [loaded]: 'global.expect = () => ({ toBe() {} })\n' },
      ),
    () => jest({ globalSetup: `<rootDir>/${loaded}` }, { [loaded]: 'process.exit(0)\n' }),
    () =>
      jest(
        { transform: { 'answer.js$': `<rootDir>/${loaded}` } },
        { [loaded]: "exports.process = (code) => ({ code: code.replace('41', '42') })\n" },
      ),
    () => jest({ globals: {}, runner: `<rootDir>/${loaded}` }, { [loaded]: 'process.exit(0)\n' }),
    () => lint('.oxlintrc.json', '{"rules":{"no-debugger":"off"}}\n'),
    () => lint('.oxlintrc.json', `{"ignorePatterns":["src/answer.js"],"rules":{"no-debugger":"error"}}\n`),
    () => lint('src/.oxlintrc.json', '{"rules":{"no-debugger":"off"}}\n'),
    () => lint('.eslintignore', `src/answer.js\n# ${own}\n`),
    () => lint('.gitignore', `node_modules\nsrc/answer.js\n`),
    () => lint('src/.gitignore', `answer.js\n`),
    () => lint('.ignore', `src/answer.js\n`),
    () => npmrc('script-shell=/bin/true'),
    () => npmrc('ignore-scripts=true'),
    () =>
      npmrc(`node-options=--require ./${helper}/${own}.cjs`, {
        [`${helper}/${own}.cjs`]: 'process.exit(0)\n',
      }),
    () => npmrc(`node-options=--import=data:text/javascript,process.exit()`),
    () => ({
      ...npmrc(`script-shell=./src/${own}.sh`, { [`src/${own}.sh`]: '#!/bin/sh\nexit 0\n' }),
      sh: `chmod +x src/${own}.sh`,
    }),
    () => npmrc('test-dry=1\ndry-run=true\nif-present=true\nloglevel=silent\nscript-shell=true'),
    () => ({ kind, base: 'make', put: { GNUmakefile: `check: # ${own}\n\ttrue\n` } }),
    () => ({ kind, base: 'make', put: { makefile: `check: # ${own}\n\ttrue\n` } }),
    () => ({
      kind,
      base: 'make',
      put: {
        Makefile: `MAKEFLAGS += ${chance.of(['-i', '-n', '-t', '-q'])}\ncheck:\n\tsh scripts/check.sh\n`,
      },
    }),
    () => ({
      kind,
      base: 'make',
      put: { Makefile: `SHELL = ${chance.of(['/bin/true', '/bin/echo'])}\ncheck:\n\tsh scripts/check.sh\n` },
    }),
    () => ({ kind, base: 'make', put: { Makefile: `.IGNORE:\ncheck:\n\tsh scripts/check.sh\n` } }),
    () => ({
      kind,
      base: 'make',
      put: {
        Makefile: `include src/${own}.mk\n\ncheck:\n\tsh scripts/check.sh\n`,
        [`src/${own}.mk`]: '.IGNORE:\n',
      },
    }),
    () => ({
      kind,
      base: 'make',
      put: {
        Makefile: `include src/${own}.js\ncheck:\n\tsh scripts/check.sh\n`,
        [`src/${own}.js`]: '.IGNORE:\n',
      },
    }),
    () => ({
      kind,
      base: 'make',
      sh: `mkdir ${own}; printf 'exit 0\\n' > ${own}/check.sh; rm -r scripts; ln -s ${own} scripts`,
    }),
  ])()
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
])
