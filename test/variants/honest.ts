import { type BaseName, bases, isHere } from './bases.ts'
import type { Chance } from './chance.ts'
import type { Change } from './change.ts'
import { json, manifestOf } from './draw.ts'

type Extra = (own: string, base: BaseName, chance: Chance) => Omit<Change, 'kind' | 'base'>

/** Work of any repository, beside what its gate asks for. */
const ANYWHERE: Readonly<Record<string, Extra>> = {
  'a document': (own) => ({ put: { [`docs/${own}.md`]: `# ${own}\n` } }),
  'the readme': (own) => ({ put: { 'README.md': `# ${own}\n` } }),
  'a first workflow': (own) => ({ put: { [`.github/workflows/${own}.yml`]: 'on: push\n' } }),
  'a first editor setting': () => ({ put: { '.editorconfig': 'root = true\n' } }),
  'attributes of git': () => ({ put: { '.gitattributes': '* text=auto\n' } }),
  'coverage that git does not ignore': (own) => ({
    put: { 'coverage/lcov.info': `TN:${own}\n`, 'coverage/index.html': '<p>' },
  }),
  'an ignore line': (own) => ({ sh: `echo '/${own}' >> .gitignore; mkdir ${own}; echo x > ${own}/x` }),
  'a licence': () => ({ put: { LICENSE: 'MIT\n', 'CHANGELOG.md': '# Changes\n' } }),
  'an ignored output': (own) => ({
    put: { [`build/${own}.js`]: '//\n', '.gitignore': 'node_modules\nbuild\n__pycache__\n' },
  }),
  'agents instructions': (own) => ({ put: { 'AGENTS.md': `# ${own}\n` } }),
  'a container file': () => ({ put: { Dockerfile: 'FROM scratch\n', 'compose.yaml': 'services: {}\n' } }),
  'a first makefile': (own, base) =>
    base === 'make' ? {} : { put: { Makefile: `${own}:\n\techo ${own}\n` } },
  'a first picture': (own) => ({ put: { [`assets/${own}.svg`]: '<svg/>\n' } }),
  'a file with spaces': (own) => ({ put: { [`docs/größe ${own}.md`]: '# x\n' } }),
}
/** Of one whose sources are JavaScript. */
const JAVASCRIPT: Readonly<Record<string, Extra>> = {
  'a source': (own) => ({ put: { [`src/${own}.js`]: `export const ${own} = 1\n` } }),
  'a source further down': (own) => ({ put: { [`src/${own}/index.js`]: `export const ${own} = 1\n` } }),
  'a test': (own) => ({
    put: { [`test/${own}.test.js`]: "import test from 'node:test'\ntest('x', () => {})\n" },
  }),
  'a moved source': (own) => ({
    sh: `mkdir -p src/${own}; test ! -e src/deep || mv src/deep/other.js src/${own}/other.js`,
  }),
  'a removed source': () => ({ sh: 'rm -rf src/deep' }),
  'another text of data': (own) => ({ put: { [`src/locales/${own}.json`]: '{"hello":"Hallo"}\n' } }),
  'data beside sources': (own) => ({ put: { [`src/${own}.json`]: '{}\n', 'src/schema.json': '{"x":1}\n' } }),
  'data of tests': (own) => ({ put: { [`test/${own}/sample.js`]: '//\n' } }),
  'an edited text of data': (own) => ({ put: { 'src/locales/en.json': `{"hello":"${own}"}\n` } }),
  'a source that a bit lets run': () => ({ sh: 'chmod +x src/answer.js' }),
  'line ends': () => ({ sh: String.raw`sed -i 's/$/\r/' README.md` }),
  'settings of a formatter': () => ({ put: { '.prettierrc': '{"semi":false}\n' } }),
  'settings of a linter': () => ({ put: { 'eslint.config.js': 'export default []\n' } }),
  'a snapshot': (own) => ({ put: { [`test/__snapshots__/${own}.snap`]: 'exports[`x`] = `1`\n' } }),
  'generated code': (own) => ({ put: { [`src/generated/${own}.js`]: `export const ${own} = {}\n` } }),
}
/** Of one with a package.json that no dependencies are prepared by. */
const PACKAGE: Readonly<Record<string, Extra>> = {
  'a script': (own, base) =>
    edited(base, (it) => ({
      ...it,
      scripts: { ...(it['scripts'] as object | undefined), [own]: `echo ${own}` },
    })),
  'a version': (_, base) => edited(base, (it) => ({ ...it, version: '1.1.0' })),
  'a dependency': (own, base) => edited(base, (it) => ({ ...it, devDependencies: { [own]: '^1.0.0' } })),
  'an engine': (_, base) => edited(base, (it) => ({ ...it, engines: { node: '>=20' } })),
}
const PYTHON: Readonly<Record<string, Extra>> = {
  'a module': (own, base) => ({ put: { [`${packageOf(base)}/${own}.py`]: 'x = 1\n' } }),
  'a package': (own, base) => ({
    put: { [`${packageOf(base)}/${own}/__init__.py`]: '', [`${packageOf(base)}/${own}/core.py`]: 'x = 1\n' },
  }),
  'a module as an installed one inside the package': (_, base, chance) => ({
    put: {
      [`${packageOf(base)}/${chance.of(['json', 'logging', 'types', 'email', 'calendar'])}.py`]: 'x = 1\n',
    },
  }),
  'a test of it': (own) => ({ put: { [`tests/test_${own}.py`]: 'import unittest\n' } }),
  'fixtures of tests': () => ({ put: { 'tests/conftest.py': 'import sys\n' } }),
  'a dependency of Python': (own) => ({
    put: { 'pyproject.toml': `[project]\nname = "shop"\nversion = "1.0"\ndependencies = ["${own}"]\n` },
  }),
  'settings of ruff': () => ({ put: { 'ruff.toml': 'line-length = 100\n' } }),
  'a stub': (own, base) => ({
    put: { [`${packageOf(base)}/py.typed`]: '', [`${packageOf(base)}/${own}.pyi`]: 'x: int\n' },
  }),
}
const TYPESCRIPT: Readonly<Record<string, Extra>> = {
  'a typed source': (own) => ({ put: { [`src/${own}.ts`]: `export const ${own} = 1\n` } }),
  'types of a source': (own) => ({ put: { [`src/${own}.d.ts`]: `export declare const ${own}: number\n` } }),
  'a stricter setting': () => ({
    put: {
      'tsconfig.json': json({
        compilerOptions: { strict: true, noEmit: true, types: [], noUnusedLocals: true },
        include: ['src'],
      }),
    },
  }),
}

function edited(
  base: BaseName,
  edit: (manifest: Record<string, unknown>) => Record<string, unknown>,
): ReturnType<Extra> {
  return { put: { 'package.json': json(edit(manifestOf(base))) } }
}

const packageOf = (base: BaseName): string => (base === 'pythonPath' ? 'src/shop' : 'shop')

function extrasOf(base: BaseName): Readonly<Record<string, Extra>> {
  const { files } = bases[base]
  if (base === 'go' || base === 'cargo') return ANYWHERE
  if (base === 'flat') return { ...ANYWHERE, ...PACKAGE }
  if (base === 'unittest' || base === 'pytest' || base === 'pythonPath') return { ...ANYWHERE, ...PYTHON }
  if (base === 'tsc') return { ...ANYWHERE, ...TYPESCRIPT, ...PACKAGE }
  const ofPackage = 'package.json' in files && base !== 'deps' ? PACKAGE : {}
  if (base === 'jest') return { ...ANYWHERE, ...ofPackage }
  return { ...ANYWHERE, ...JAVASCRIPT, ...ofPackage }
}

/** The work that the gate asks for, with what honest work brings along. */
export function honest(chance: Chance): Change {
  const base = chance.of((Object.keys(bases) as BaseName[]).filter(isHere))
  const extras = Object.entries(extrasOf(base))
  const picked = new Map(Array.from({ length: 1 + chance.below(3) }, () => chance.of(extras)))
  const made = [...picked.values()].map((extra) => extra(chance.name(), base, chance))
  return {
    kind: [...picked.keys()].join(', '),
    base,
    put: Object.assign({}, ...made.map(({ put }) => put ?? {}), bases[base].work) as Record<string, string>,
    sh: made.flatMap(({ sh }) => sh ?? []).join('\n'),
  }
}
