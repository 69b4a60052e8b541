import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { found } from '../../src/detect/found.ts'
import { type PrepareProposal, type ProposedStep, stepJson } from '../../src/detect/prepare/proposal.ts'
import { proposePrepare } from '../../src/detect/prepare/propose.ts'
import { prepareInputs } from '../../src/workspace/prepare/inputs.ts'
import { type Files, repository } from './rig.ts'

const repo = repository()

const lines = (steps: readonly ProposedStep[] | null) =>
  steps?.map(({ argv, cwd, network, env }) =>
    [
      ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
      ...argv,
      ...(cwd === '.' ? [] : [`in ${cwd}`]),
      ...(network === 'full' ? [] : [`(${network})`]),
    ].join(' '),
  ) ?? null

const gate = (line: string, cwd = '.') =>
  found({ name: 'test', argv: line.split(' '), cwd, file: 'x', evidence: 'x', reason: 'x' })

const json = (value: unknown) => JSON.stringify(value)
const deps = json({ dependencies: { a: '1' }, scripts: { prepare: 'husky' } })
const npmLock = json({
  lockfileVersion: 3,
  packages: {
    '': { hasInstallScript: true },
    'packages/member': { name: 'member', hasInstallScript: true },
    'node_modules/member': { resolved: 'packages/member', link: true, hasInstallScript: true },
    'node_modules/plain': { resolved: 'https://r/plain.tgz' },
    'node_modules/zed': { resolved: 'https://r/zed.tgz', hasInstallScript: true },
    'node_modules/plain/node_modules/@s/deep': { version: '1.0.0', hasInstallScript: true },
    'node_modules/alias': { name: 'real', resolved: 'https://r/real.tgz', hasInstallScript: true },
    'node_modules/from-git': { resolved: 'git+ssh://git@h/x.git#1', hasInstallScript: true },
    'node_modules/by-path': { resolved: 'file:x.tgz', hasInstallScript: true },
  },
})

interface Case {
  name: string
  files: Files
  steps: readonly string[]
  withScripts?: readonly string[]
  notes?: readonly RegExp[]
  gates?: readonly ReturnType<typeof gate>[]
}

const npm: Case = {
  name: 'npm: scripts of registry packages by name, none of the project, of members, of git or of paths',
  files: { 'package.json': deps, 'package-lock.json': npmLock },
  steps: ['npm ci --ignore-scripts', 'npm rebuild @s/deep alias zed'],
  withScripts: ['npm ci'],
}

const cases: readonly Case[] = [
  npm,
  {
    name: 'npm, no package with a script',
    files: { 'package.json': json({ workspaces: ['a'] }), 'npm-shrinkwrap.json': json({ packages: {} }) },
    steps: ['npm ci --ignore-scripts'],
    withScripts: ['npm ci'],
  },
  {
    name: 'npm, a lock file that does not say it',
    files: { 'package.json': deps, 'package-lock.json': json({ lockfileVersion: 1 }) },
    steps: ['npm ci --ignore-scripts'],
    withScripts: ['npm ci'],
    notes: [/package-lock\.json does not say/],
  },
  {
    name: 'npm, no lock file',
    files: { 'package.json': json({ ...JSON.parse(deps), packageManager: 'npm@11.0.0' }) },
    steps: [],
    notes: [/without a lock file of npm/],
  },
  {
    name: 'npm, nothing to install',
    files: { 'package.json': json({ dependencies: {} }), 'package-lock.json': '{}' },
    steps: [],
  },
  {
    name: 'two package managers',
    files: { 'package.json': deps, 'package-lock.json': npmLock, 'yarn.lock': '' },
    steps: [],
    notes: [/lockfiles of several package managers/],
  },
  {
    name: 'pnpm, builds that its settings allow',
    files: {
      'package.json': json({ pnpm: { onlyBuiltDependencies: ['sharp'] } }),
      'pnpm-workspace.yaml':
        'packages: [a]\nonlyBuiltDependencies:\n  - esbuild\nallowBuilds:\n  swc@1: true\n  nx: false\n',
      'pnpm-lock.yaml': "lockfileVersion: '9.0'",
    },
    steps: ['pnpm install --frozen-lockfile --ignore-scripts', 'pnpm rebuild esbuild sharp swc'],
    withScripts: ['pnpm install --frozen-lockfile'],
  },
  {
    name: 'pnpm, builds that an older lock file names',
    files: {
      'package.json': deps,
      'pnpm-lock.yaml':
        "lockfileVersion: '6.0'\n\npackages:\n\n  /@s/x@1.0.0:\n    resolution: {}\n    requiresBuild: true\n\n  /plain@1.0.0:\n    resolution: {}\n\n  /esbuild@0.20.0:\n    hasBin: true\n    requiresBuild: true\n    dev: true\n",
    },
    steps: ['pnpm install --frozen-lockfile --ignore-scripts', 'pnpm rebuild @s/x esbuild'],
    withScripts: ['pnpm install --frozen-lockfile'],
  },
  {
    name: 'yarn 1',
    files: { 'package.json': deps, 'yarn.lock': '# yarn lockfile v1\n' },
    steps: ['yarn install --frozen-lockfile --non-interactive --ignore-scripts'],
    withScripts: ['yarn install --frozen-lockfile --non-interactive'],
    notes: [/yarn\.lock does not say/],
  },
  {
    name: 'yarn 4',
    files: { 'package.json': deps, 'yarn.lock': '# generated\n\n__metadata:\n  version: 8\n' },
    steps: ['yarn install --immutable --mode=skip-build'],
    withScripts: ['yarn install --immutable'],
    notes: [/yarn\.lock does not say/],
  },
  {
    name: 'bun',
    files: { 'package.json': deps, 'bun.lock': '' },
    steps: ['bun install --frozen-lockfile --ignore-scripts'],
    withScripts: ['bun install --frozen-lockfile'],
    notes: [/bun\.lock does not say/],
  },
  {
    name: 'uv, with what the gates ask for',
    files: { 'pyproject.toml': '[project]\nname = "x"\n', 'uv.lock': '' },
    gates: [
      gate('uv run --group lint --extra cli ruff'),
      gate('uv run --group lint mypy'),
      gate('make --group other'),
    ],
    steps: ['uv sync --locked --group lint --extra cli'],
  },
  { name: 'uv without a lock file', files: { 'pyproject.toml': '[tool.uv]\n' }, steps: ['uv sync'] },
  {
    name: 'poetry',
    files: { 'pyproject.toml': '[tool.poetry]\n', 'poetry.lock': '' },
    steps: ['POETRY_VIRTUALENVS_IN_PROJECT=true poetry install --no-interaction'],
  },
  { name: 'pdm', files: { 'pyproject.toml': '', 'pdm.lock': '' }, steps: ['pdm install --frozen-lockfile'] },
  {
    name: 'pipenv',
    files: { Pipfile: '', 'Pipfile.lock': '{}' },
    steps: ['PIPENV_VENV_IN_PROJECT=1 pipenv sync --dev'],
  },
  {
    name: 'pip, an environment in the tree',
    files: {
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': '',
      'requirements.txt': 'a',
      'requirements-dev.txt': 'pytest',
      'requirements-deploy.txt': 'gunicorn',
      'requirements/test.txt': 'b',
      'requirements/prod.txt': 'c',
    },
    steps: [
      'python3 -I -m venv .venv (none)',
      '.venv/bin/python -I -m pip install --no-input --disable-pip-version-check -r requirements-dev.txt -r requirements.txt -r requirements/test.txt',
    ],
  },
  {
    name: 'pip, a project with an extra for its tests',
    files: {
      'venv/pyvenv.cfg': '',
      'venv/bin/python': '',
      'pyproject.toml':
        '[build-system]\n[project]\n[project.optional-dependencies]\ntesting = ["pytest>=8"]\n',
    },
    steps: [
      'python3 -I -m venv venv (none)',
      'venv/bin/python -I -m pip install --no-input --disable-pip-version-check -e .[testing]',
    ],
  },
  { name: "the machine's own Python", files: { 'requirements.txt': 'pytest', 'test_a.py': '' }, steps: [] },
  {
    name: 'bundler',
    files: { Gemfile: '', 'Gemfile.lock': '' },
    steps: ['bundle config set --local path vendor/bundle (none)', 'BUNDLE_FROZEN=true bundle install'],
  },
  {
    name: 'bundler that has its place',
    files: { 'gems.rb': '', '.bundle/config': '---\nBUNDLE_PATH: "gems"\n' },
    steps: ['bundle config set --local path gems (none)', 'bundle install'],
  },
  {
    name: 'composer',
    files: {
      'composer.json': json({ 'require-dev': { 'phpunit/phpunit': '^11' }, scripts: { test: 'phpunit' } }),
      'composer.lock': '{}',
    },
    steps: ['composer install --no-interaction --no-progress --no-scripts'],
    withScripts: ['composer install --no-interaction --no-progress'],
  },
  {
    name: 'composer without packages',
    files: { 'composer.json': json({ require: { php: '^8', 'ext-json': '*' } }) },
    steps: [],
  },
  { name: 'go', files: { 'go.mod': 'module x\nrequire y v1.0.0\n', 'go.sum': '' }, steps: [] },
  { name: 'cargo', files: { 'Cargo.toml': '[dependencies]\na = "1"\n', 'Cargo.lock': '' }, steps: [] },
  { name: 'make', files: { Makefile: 'test:\n\ttrue\n' }, steps: [] },
  { name: 'cmake', files: { 'CMakeLists.txt': '' }, steps: [] },
  {
    name: 'several ecosystems, and a project below the root; a member of a workspace has none of its own',
    files: {
      ...npm.files,
      Gemfile: '',
      'Gemfile.lock': '',
      'web/package.json': deps,
      'web/bun.lock': '',
      'packages/member/package.json': deps,
    },
    gates: [gate('npm test'), gate('bun run test', 'web'), gate('npm test', 'packages/member')],
    steps: [
      ...npm.steps,
      'bundle config set --local path vendor/bundle (none)',
      'BUNDLE_FROZEN=true bundle install',
      'bun install --frozen-lockfile --ignore-scripts in web',
    ],
    withScripts: [
      'npm ci',
      'bundle config set --local path vendor/bundle (none)',
      'BUNDLE_FROZEN=true bundle install',
      'bun install --frozen-lockfile in web',
    ],
    notes: [/^web: bun\.lock does not say/],
  },
]

test.each(cases)('$name', ({ files, steps, withScripts = null, notes = [], gates = [] }) => {
  repo.write(files)
  const proposal = proposePrepare({ root: repo.root() }, gates)
  expect(lines(proposal.steps)).toEqual(steps)
  expect(lines(proposal.withScripts)).toEqual(withScripts)
  expect(proposal.notes).toEqual(notes.map((note) => expect.stringMatching(note)))
  for (const { file } of proposal.steps) expect(fs.existsSync(path.join(repo.root(), file))).toBe(true)
  hold(proposal, files)
})

const token = (name: string): string => `//r/:_authToken=\${${name}}\n`
const places: readonly (readonly [string, Files, Readonly<Record<string, readonly string[]>>])[] = [
  [
    'npm; not what the scripts of packages run with',
    { ...npm.files, '.npmrc': `; ${token('OLD')}${token('NPM_TOKEN')}cache=\${HOME}/c\n` },
    { 'npm ci --ignore-scripts': ['HOME', 'NPM_TOKEN'], 'npm rebuild @s/deep alias zed': [] },
  ],
  [
    'pnpm, with what stands in for it',
    { 'package.json': deps, 'pnpm-lock.yaml': '', '.npmrc': token('A:-x'), '.yarnrc.yml': token('B') },
    { 'pnpm install --frozen-lockfile --ignore-scripts': ['A'] },
  ],
  [
    'yarn 4',
    { 'package.json': deps, 'yarn.lock': '__metadata:\n', '.npmrc': token('A'), '.yarnrc.yml': token('B-') },
    { 'yarn install --immutable --mode=skip-build': ['B'] },
  ],
  [
    'bun, without braces',
    { 'package.json': deps, 'bun.lock': '', 'bunfig.toml': 'token = "$BUN_TOKEN"\n' },
    { 'bun install --frozen-lockfile --ignore-scripts': ['BUN_TOKEN'] },
  ],
  [
    'pip',
    {
      '.venv/pyvenv.cfg': '',
      '.venv/bin/python': '',
      'requirements.txt': '--index-url https://u:${PIP_TOKEN}@r/simple\n',
    },
    {
      'python3 -I -m venv .venv (none)': [],
      '.venv/bin/python -I -m pip install --no-input --disable-pip-version-check -r requirements.txt': [
        'PIP_TOKEN',
      ],
    },
  ],
]

test.each(places)('variables that settings name: %s', (_, files, named) => {
  repo.write(files)
  const { steps } = proposePrepare({ root: repo.root() }, [])
  expect(Object.fromEntries(steps.map((step) => [lines([step])?.[0], step.variables]))).toEqual(named)
})

/** What is proposed is a config, and its layer serves more than one tree. */
function hold(proposal: PrepareProposal, files: Files): void {
  for (const steps of [proposal.steps, proposal.withScripts ?? []]) {
    const text = json({ version: 2, commands: { test: ['true'] }, prepare: steps.map(stepJson) })
    const config = parseProjectConfig(text, 'config')
    if (!config.ok) throw new Error(json(config.error))
    expect(config.value.prepare).toMatchObject(
      steps.map(({ argv, cwd, network, env }) => ({ argv, cwd, network, env })),
    )
    const ignored = /^\.?venv\//
    const paths = new Set(Object.keys(files).filter((file) => !ignored.test(file)))
    const inputs = prepareInputs(config.value.prepare ?? [], { paths, text: (file) => files[file] ?? null })
    if (steps === proposal.steps) expect(inputs.kind).toBe('files')
    else expect(inputs).not.toMatchObject({ why: 'unknown-program' })
  }
}
