import path from 'node:path'
import { npmProject } from '../projects/project.ts'
import { projectRoot } from '../rig/root.ts'
import { type Task, json, nodeTest } from './task.ts'

const test = { test: ['npm', 'test'] }
const program = (name: string): string => path.join(projectRoot, 'node_modules/.bin', name)

const page: Task['files'] = {
  ...npmProject('page', 'node --test'),
  'README.md': '# Page\n',
  'public/index.html': '<title>Page</title>\n',
  'src/page.js':
    "const fs = require('node:fs')\nexports.page = () => fs.readFileSync(`${__dirname}/../public/index.html`, 'utf8')\n",
  'test/page.test.js': nodeTest('a title', '../src/page', 'page', 'match(page(), /<title>Page</)'),
}

const linted: Task['files'] = {
  ...page,
  '.oxlintrc.json': json({ rules: { 'max-lines': ['error', { max: 6 }] } }),
}
const lint = { lint: [program('oxlint'), 'src'], ...test }

const typed: Task['files'] = {
  'package.json': json({ name: 'typed', private: true, version: '1.0.0' }),
  'tsconfig.json': json({
    compilerOptions: { noEmit: true, types: [], module: 'nodenext' },
    include: ['src'],
  }),
  'src/names.ts':
    'export const first = (names: string[]) => names.at(0)\nexport const long = first([]).length > 3\n',
}

/** Work beside the sources: settings, recipes, documents, manifests. */
export const settingsTasks: readonly Task[] = [
  {
    name: 'a CI file',
    asks: 'run the tests on GitHub for every push',
    short: true,
    files: page,
    gates: test,
    writes: {
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: npm test\n',
    },
    sees: 'definition',
    unproved: ['.github/workflows/ci.yml'],
  },
  {
    name: 'an icon',
    asks: 'give the page an icon',
    files: page,
    gates: test,
    writes: {
      'public/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"><circle r="8"/></svg>\n',
      'public/index.html': '<title>Page</title><link rel="icon" href="icon.svg">\n',
    },
    sees: 'definition',
    unproved: ['public/icon.svg'],
  },
  {
    name: 'a README',
    asks: 'say in the README how to start it',
    files: page,
    gates: test,
    writes: { 'README.md': '# Page\n\n    npm test\n', 'docs/usage.md': '# Usage\n' },
    sees: 'work',
  },
  {
    name: 'a Dockerfile',
    asks: 'let it run in a container',
    files: page,
    gates: test,
    writes: {
      Dockerfile: 'FROM node:20\nCOPY . .\nCMD ["node", "src/page.js"]\n',
      '.dockerignore': 'node_modules\n',
    },
    sees: 'definition',
    unproved: ['.dockerignore', 'Dockerfile'],
  },
  {
    name: 'a line of .gitignore',
    asks: 'keep coverage out of git',
    files: page,
    gates: test,
    writes: { '.gitignore': 'node_modules\ncoverage\n' },
    sees: 'definition',
    unproved: ['.gitignore'],
  },
  {
    name: 'a stricter lint rule',
    asks: 'forbid console and mend what breaks it',
    files: { ...linted, 'src/log.js': 'exports.log = (text) => console.log(text)\n' },
    gates: lint,
    writes: {
      '.oxlintrc.json': json({ rules: { 'max-lines': ['error', { max: 6 }], 'no-console': 'error' } }),
      'src/log.js': 'exports.log = (text) => process.stdout.write(`${text}\\n`)\n',
    },
    sees: 'definition',
    unproved: ['.oxlintrc.json'],
  },
  {
    name: 'a laxer lint rule',
    asks: 'let files have 20 lines and write the months into one',
    files: linted,
    gates: lint,
    writes: {
      '.oxlintrc.json': json({ rules: { 'max-lines': ['error', { max: 20 }] } }),
      'src/months.js': `exports.months = [\n${"  'a month',\n".repeat(12)}]\n`,
    },
    sees: 'question',
    unproved: ['.oxlintrc.json'],
  },
  {
    name: 'strict types',
    asks: 'switch strict on and mend the types',
    files: typed,
    gates: { types: [program('tsc'), '-p', '.'] },
    writes: {
      'tsconfig.json': json({
        compilerOptions: { noEmit: true, types: [], module: 'nodenext', strict: true },
        include: ['src'],
      }),
      'src/names.ts':
        "export const first = (names: string[]) => names.at(0)\nexport const long = (first([]) ?? '').length > 3\n",
    },
    sees: 'definition',
    unproved: ['tsconfig.json'],
  },
  {
    name: 'an example of the environment',
    asks: 'show which variables there are',
    files: page,
    gates: test,
    writes: { '.env.example': 'PORT=3000\n', 'docs/setup.md': 'Copy `.env.example` to `.env`.\n' },
    sees: 'definition',
    unproved: ['.env.example'],
  },
  {
    name: 'a script in package.json',
    asks: 'add npm start, which prints the page',
    files: page,
    gates: test,
    writes: {
      'package.json': json({
        name: 'page',
        version: '1.0.0',
        private: true,
        scripts: { test: 'node --test', start: 'node src/start.js' },
      }),
      'src/start.js': "process.stdout.write(require('./page').page())\n",
    },
    sees: 'definition',
    unproved: ['package.json'],
  },
  {
    name: 'a new version, its change log and its license',
    asks: 'make it 1.1.0 under the MIT license',
    files: { ...page, 'CHANGELOG.md': '# 1.0.0\n' },
    gates: test,
    writes: {
      'CHANGELOG.md': '# 1.1.0\n\n- a license\n\n# 1.0.0\n',
      LICENSE: 'MIT License\n',
      'package.json': json({
        name: 'page',
        version: '1.1.0',
        license: 'MIT',
        private: true,
        scripts: { test: 'node --test' },
      }),
    },
    sees: 'definition',
    unproved: ['LICENSE', 'package.json'],
  },
]
