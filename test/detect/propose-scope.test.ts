import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { scopeProblem } from '../../src/contract/scope.ts'
import { proposeScope } from '../../src/detect/propose-scope.ts'

function proposed(files: Readonly<Record<string, string>>): readonly string[] {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'scope-'))
  try {
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
      fs.writeFileSync(path.join(root, name), text)
    }
    const found = proposeScope(root)
    for (const { entry, reason } of found) {
      expect(scopeProblem(entry)).toBeNull()
      expect(reason).not.toBe('')
    }
    return found.map((one) => one.entry)
  } finally {
    fs.rmSync(root, { recursive: true })
  }
}

test.each<[name: string, files: Record<string, string>, expected: string[]]>([
  [
    'an npm package',
    {
      'package.json': '{"scripts":{},"optionalDependencies":{}}',
      'package-lock.json': '{}',
      'src/a.ts': '',
      'test/a.test.ts': '',
      'docs/a.md': '',
      'README.md': '',
      'AGENTS.md': '',
      'jest.config.js': '',
      '.npmrc': '',
      '.github/workflows/ci.yml': '',
      'coverage/lcov.js': '',
      'node_modules/a/index.js': '',
      'assets/logo.png': '',
    },
    [
      'docs/**',
      'src/**',
      'test/**',
      'README.md',
      'package.json#/dependencies',
      'package.json#/devDependencies',
      'package.json#/optionalDependencies',
      'package-lock.json',
    ],
  ],
  [
    'a workspace',
    {
      'package.json': '{"workspaces":["packages/*"]}',
      'pnpm-lock.yaml': '',
      'packages/a/package.json': '{}',
      'packages/a/src/a.ts': '',
      'packages/a/test/fixtures/package.json': '{}',
    },
    [
      'packages/**',
      'package.json#/dependencies',
      'package.json#/devDependencies',
      'packages/a/package.json#/dependencies',
      'packages/a/package.json#/devDependencies',
      'pnpm-lock.yaml',
    ],
  ],
  [
    'Python, its package in the root',
    {
      'pyproject.toml': '[project]\nname="x"\n',
      'uv.lock': '',
      'greet/a.py': '',
      'setup.py': '',
      'tests/conftest.py': '',
    },
    [
      'greet/**',
      'tests/**',
      'pyproject.toml#/project/dependencies',
      'pyproject.toml#/project/optional-dependencies',
      'pyproject.toml#/dependency-groups',
      'uv.lock',
    ],
  ],
  [
    'Go, sources in the root',
    { 'go.mod': 'module x\n', 'go.sum': '', 'main.go': '', 'internal/a.go': '', Makefile: '' },
    ['internal/**', '*.go', 'go.mod', 'go.sum'],
  ],
  ['names that a glob would read', { '(app)/a.ts': '', 'C#/a.cs': '' }, ['\\(app\\)/**', 'C\\#/**']],
  ['nothing', { Makefile: '' }, []],
])('%s', (_name, files, expected) => {
  expect(proposed(files)).toEqual(expected)
})
