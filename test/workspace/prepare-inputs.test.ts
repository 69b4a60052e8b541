import { describe, expect, test } from '@jest/globals'
import type { PrepareStep } from '../../src/contract/types.ts'
import { prepareInputs } from '../../src/workspace/prepare/inputs.ts'

type Files = Readonly<Record<string, string>>

const step = (line: string, cwd = '.'): PrepareStep => ({
  argv: line.split(' '),
  cwd,
  timeoutSeconds: 1800,
  env: {},
  writable: [],
  network: 'full',
})

function inputs(lines: readonly (string | PrepareStep)[], files: Files) {
  return prepareInputs(
    lines.map((one) => (typeof one === 'string' ? step(one) : one)),
    { paths: new Set(Object.keys(files)), text: (file) => files[file] ?? null },
  )
}

/** What is beside the manifests in every tree of this table: sources, tests, documents. */
const sources: Files = {
  'src/index.ts': 'export {}',
  'src/app.py': '',
  'lib/app.rb': '',
  'test/a.test.ts': '',
  'dev/tool.sh': '',
  'README.md': 'file:src and path = "src"',
  'tsconfig.json': '{}',
}

describe('files that decide a layer', () => {
  test.each<{ lines: readonly (string | PrepareStep)[]; files: Files; not?: readonly string[] }>([
    {
      lines: ['npm ci --ignore-scripts', 'npm rebuild esbuild'],
      files: { 'package.json': '{"scripts":{"prepare":"husky"}}', 'package-lock.json': '{}', '.npmrc': '' },
    },
    {
      lines: ['npm ci'],
      files: { 'package.json': '{"scripts":{"test":"jest"}}', 'package-lock.json': '{}' },
    },
    {
      // Linked members count by their manifest, sources of theirs do not.
      lines: ['pnpm install --frozen-lockfile --ignore-scripts'],
      files: {
        'package.json': '{}',
        'pnpm-workspace.yaml': 'packages: ["packages/*"]',
        'pnpm-lock.yaml': '',
        '.pnpmfile.cjs': '',
        'packages/a/package.json': '{"dependencies":{"b":"workspace:*","c":"link:../c"}}',
        'patches/x@1.patch': '',
      },
      not: ['packages/a/index.js', 'packages/c/index.js'],
    },
    {
      // Packages that are named by their path count by all their files, wherever they are named.
      lines: ['npm ci --ignore-scripts'],
      files: {
        'package.json': '{"dependencies":{"x":"file:vendor/x"},"overrides":{"y":"file:./y.tgz"}}',
        'vendor/x/package.json': '{"dependencies":{"z":"file:../z"}}',
        'vendor/x/index.js': '',
        'vendor/z/deep/index.js': '',
        'vendor/x/notes.md': 'written like file:../../src and file:../other.js',
        'y.tgz': '',
      },
      not: ['vendor/other.js'],
    },
    {
      lines: ['yarn install --immutable --mode=skip-build'],
      files: {
        'package.json': '{"scripts":{"postinstall":"x"}}',
        'yarn.lock': '"x@file:./local-x#./local-x::hash=1":',
        '.yarnrc.yml': '',
        '.yarn/releases/yarn-4.cjs': '',
        '.yarn/patches/a.patch': '',
        'local-x/index.js': '',
      },
      not: ['.yarn/sdks/x.js'],
    },
    {
      lines: ['bun install --frozen-lockfile'],
      files: { 'package.json': '{}', 'bun.lock': '', 'bunfig.toml': '' },
    },
    {
      lines: ['uv sync --locked --extra test --group dev'],
      files: {
        'pyproject.toml':
          '[build-system]\nbuild-backend = "hatchling.build"\n[tool.hatch.build.hooks.vcs]\n[tool.uv.sources]\nx = { path = "libs/x" }\n',
        'uv.lock': '',
        '.python-version': '',
        'libs/x/x/__init__.py': '',
      },
      not: ['libs/y.py'],
    },
    {
      lines: ['poetry install --no-interaction'],
      files: {
        'pyproject.toml': 'build-backend = "poetry.core.masonry.api"',
        'poetry.lock': '',
        'poetry.toml': '',
      },
    },
    {
      lines: [
        'python3 -I -m venv .venv',
        '.venv/bin/python -I -m pip install -r deps/all -r requirements.txt -e .',
      ],
      files: {
        'requirements.txt':
          '-r deps/more.txt # and more\n./wheels/a.whl\nfoo[bar]==1.0 --hash=sha256:ab\n-e ./linked\n',
        'deps/all': '',
        'deps/more.txt': '-c limits.in\n./packed[extra]\n',
        'deps/limits.in': '-r more.txt',
        'wheels/a.whl': '',
        'packed/code.py': '',
        'setup.py': 'from setuptools import setup\nsetup()',
        'linked/pyproject.toml': '',
      },
      not: ['wheels/b.whl', 'linked/code.py', 'deps/other'],
    },
    {
      lines: ['bundle config set --local path vendor/bundle', 'bundle install'],
      files: {
        Gemfile: 'gemspec\neval_gemfile "gemfiles/dev.rb"\ngem "a", path: "engines/a"\n',
        'Gemfile.lock': '',
        'gemfiles/dev.rb': '',
        'me.gemspec': 'require_relative "lib/me/version"',
        'lib/me/version.rb': '',
        'engines/a/a.gemspec': '',
        '.bundle/config': '',
      },
      not: ['engines/a/app.rb'],
    },
    {
      lines: ['composer install --no-scripts'],
      files: {
        'composer.json':
          '{"scripts":{"post-install-cmd":"x"},"repositories":[{"type":"path","url":"packages/*"}]}',
        'composer.lock': '',
        'packages/p/composer.json': '{}',
      },
      not: ['packages/p/src/P.php'],
    },
    {
      lines: ['composer install --no-scripts'],
      files: { 'composer.json': '{"config":{"optimize-autoloader": false}}' },
    },
    {
      lines: ['pipenv sync --dev'],
      files: { Pipfile: 'a = { path = "./libs/a", editable = true }', 'Pipfile.lock': '', 'libs/a/a.py': '' },
      not: ['libs/b.py'],
    },
    { lines: ['cargo fetch --locked'], files: { 'Cargo.toml': 'a = { path = "src" }', 'Cargo.lock': '' } },
    { lines: ['go mod download'], files: { 'go.mod': '', 'go.sum': '', 'go.work': '' } },
  ])('$lines', ({ lines, files, not = [] }) => {
    const all = { ...sources, ...files, ...Object.fromEntries(not.map((one) => [one, ''])) }
    expect(inputs(lines, all)).toEqual({ kind: 'files', files: Object.keys(files).sort() })
  })

  test('a package by its path is the whole project where the path is the project', () => {
    const files = { ...sources, 'requirements.txt': '.' }
    for (const line of ['pip install .', 'pip install .[dev]', 'uv pip install -r requirements.txt'])
      expect(inputs([line], files)).toEqual({ kind: 'files', files: Object.keys(files).sort() })
  })

  test('a path that leads out of the tree is no part of it', () => {
    const files = {
      'package.json': '{"dependencies":{"x":"file:../x","y":"file:/abs","z":"file:a/../../x"}}',
    }
    expect(inputs(['npm ci'], { ...files, x: '', abs: '' })).toEqual({
      kind: 'files',
      files: ['package.json'],
    })
  })
})

describe('layers of one tree alone', () => {
  test.each<{
    lines: readonly string[]
    files: Files
    why: 'unknown-program' | 'own-code'
    file: string | null
  }>([
    ...[
      'npm run build',
      'npm --prefix web ci',
      'npm install-test',
      'make deps',
      'sh -c npm',
      'yarn build',
      'yarn rebuild esbuild',
      'yarn --cwd web build',
      'uv run x',
      'uv pip compile',
      'python3 -m pip install -r requirements.txt',
      'python3 -u -m pip install -r requirements.txt',
      'python3 setup.py develop',
      'go mod vendor',
      'cargo build',
      'constructor install',
    ].map((line) => ({ lines: [line], files: {}, why: 'unknown-program' as const, file: null })),
    { lines: ['tools/npm ci'], files: { 'tools/npm': '' }, why: 'unknown-program', file: null },
    ...['preinstall', 'install', 'postinstall', 'prepare', 'pnpm:devPreinstall'].map((script) => ({
      lines: ['npm ci'],
      files: { 'packages/a/package.json': `{"scripts":{"${script}":"node x.js"}}` },
      why: 'own-code' as const,
      file: 'packages/a/package.json',
    })),
    {
      lines: ['npm rebuild member'],
      files: { 'packages/a/package.json': '{"name":"member","scripts":{"install":"node-gyp rebuild"}}' },
      why: 'own-code',
      file: 'packages/a/package.json',
    },
    {
      lines: ['npm ci'],
      files: { 'package.json': '{}', 'binding.gyp': '' },
      why: 'own-code',
      file: 'binding.gyp',
    },
    {
      lines: ['pnpm install --ignore-scripts'],
      files: { 'pnpm-workspace.yaml': 'injectWorkspacePackages: true' },
      why: 'own-code',
      file: 'pnpm-workspace.yaml',
    },
    {
      lines: ['pnpm install --ignore-scripts'],
      files: { 'package.json': '{"dependenciesMeta":{"b":{"injected": true}}}' },
      why: 'own-code',
      file: 'package.json',
    },
    ...['maturin', 'mesonpy', 'scikit_build_core.build', 'own_backend'].map((backend) => ({
      lines: ['uv sync'],
      files: { 'pyproject.toml': `[build-system]\nbuild-backend = "${backend}"` },
      why: 'own-code' as const,
      file: 'pyproject.toml',
    })),
    {
      lines: ['uv sync'],
      files: {
        'pyproject.toml': '[tool.uv.workspace]\nmembers = ["native"]',
        'native/pyproject.toml': 'build-backend = "maturin"',
      },
      why: 'own-code',
      file: 'native/pyproject.toml',
    },
    {
      lines: ['uv sync --no-editable'],
      files: { 'pyproject.toml': '' },
      why: 'own-code',
      file: 'pyproject.toml',
    },
    {
      lines: ['poetry install'],
      files: { 'pyproject.toml': '[tool.poetry.build]\nscript = "build.py"' },
      why: 'own-code',
      file: 'pyproject.toml',
    },
    {
      lines: ['pip install -e .'],
      files: { 'setup.py': 'setup(ext_modules=[Extension("a", ["a.c"])])' },
      why: 'own-code',
      file: 'setup.py',
    },
    {
      lines: ['pip install -r requirements.txt'],
      files: {
        'requirements.txt': '--editable=native',
        'native/pyproject.toml': 'build-backend = "maturin"',
      },
      why: 'own-code',
      file: 'native/pyproject.toml',
    },
    {
      lines: ['composer install'],
      files: { 'composer.json': '{"scripts":{"post-autoload-dump":"x"}}' },
      why: 'own-code',
      file: 'composer.json',
    },
    {
      lines: ['composer install --no-scripts'],
      files: { 'composer.json': '{"autoload":{"classmap":["src/"]}}' },
      why: 'own-code',
      file: 'composer.json',
    },
    {
      lines: ['composer install --no-scripts'],
      files: { 'composer.json': '{"config":{"optimize-autoloader": true}}' },
      why: 'own-code',
      file: 'composer.json',
    },
    {
      lines: ['composer install --no-scripts'],
      files: { 'composer.json': '{"repositories":[{"options":{"symlink": false}}]}' },
      why: 'own-code',
      file: 'composer.json',
    },
  ])('$lines with $files', ({ lines, files, why, file }) => {
    expect(inputs(['cargo fetch', ...lines], { ...sources, ...files })).toEqual({
      kind: 'tree',
      why,
      step: 1,
      file,
    })
  })

  test('what a step reads is looked for in its own directory', () => {
    const files = { 'web/.npmrc': 'ignore-scripts=true', 'web/package.json': '{"scripts":{"prepare":"x"}}' }
    expect(inputs([step('npm ci', 'web')], files).kind).toBe('files')
    expect(inputs([step('npm ci')], files).kind).toBe('tree')
  })
})
