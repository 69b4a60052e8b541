import type { Change } from './change.ts'
import { type Draw, json } from './draw.ts'

/** Settings of jest, tsc, oxlint, make and npm themselves. */
export const toolAttack: Draw = (chance) => {
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
