import { tableNamed, tables } from './found.ts'
import type { RepoFiles } from './files.ts'
import type { DetectedCommand } from './detection.ts'

export type DetectedBy = Pick<DetectedCommand, 'file' | 'evidence' | 'reason'>

/** Where a tool's settings say that the project uses it. */
interface Settings {
  readonly files: readonly string[]
  /** Table of pyproject.toml. */
  readonly table: string
  /** File and section of the INI files. */
  readonly sections: readonly (readonly [string, string])[]
}

export const SETTINGS = {
  pytest: {
    files: ['pytest.ini', '.pytest.ini', 'pytest.toml', '.pytest.toml'],
    table: 'tool.pytest',
    sections: [
      ['tox.ini', 'pytest'],
      ['setup.cfg', 'tool:pytest'],
    ],
  },
  ruff: { files: ['ruff.toml', '.ruff.toml'], table: 'tool.ruff', sections: [] },
  mypy: { files: ['mypy.ini', '.mypy.ini'], table: 'tool.mypy', sections: [['setup.cfg', 'mypy']] },
  pyright: { files: ['pyrightconfig.json'], table: 'tool.pyright', sections: [] },
  tox: {
    files: ['tox.toml'],
    table: 'tool.tox',
    sections: [
      ['tox.ini', 'tox'],
      ['tox.ini', 'testenv'],
    ],
  },
} as const satisfies Record<string, Settings>

export function settingsOf(look: RepoFiles, settings: Settings): DetectedBy | null {
  const file = look.first(...settings.files)
  const reason = 'the tool is configured'
  if (file !== undefined) return { file, evidence: 'the file', reason }
  const table = tableNamed(look.text('pyproject.toml'), settings.table)
  if (table !== undefined) return { file: 'pyproject.toml', evidence: `[${table}]`, reason }
  for (const [ini, section] of settings.sections)
    if (tables(look.text(ini)).some((one) => one === section || one.startsWith(`${section}:`)))
      return { file: ini, evidence: `[${section}]`, reason }
  return null
}

export function conftest(look: RepoFiles): DetectedBy | null {
  const file = look.first('conftest.py', 'tests/conftest.py', 'test/conftest.py')
  return file === undefined ? null : { file, evidence: 'the file', reason: "pytest's own file" }
}
