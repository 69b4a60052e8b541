import { found } from './found.ts'
import { type ToolCall, type Tools, configured } from './python-tools.ts'
import { SETTINGS, conftest, settingsOf } from './python-settings.ts'
import type { DetectedCommand } from './detection.ts'

/** pytest or unittest in this environment; else the project's tox or nox, which make environments of their own. */
export function testCommands(tools: Tools): DetectedCommand[] {
  const { look, notes } = tools
  const tests = look.find(/^(?:test_.*|.*_test)\.py$/, 4)
  const tox = settingsOf(look, SETTINGS.tox)
  const nox = look.has('noxfile.py') ? 'noxfile.py' : null
  const other = tox?.file ?? nox
  // What tox and nox install is named in their own files.
  const pytest = tests === undefined ? null : pytestCall(tools, other !== null)
  if (pytest !== null) {
    for (const unused of [tox?.file, nox])
      if (unused) notes.push(`${unused} is not used: pytest is called directly`)
    return [found({ name: 'test', does: [['pytest'], ['py.test']], ...pytest })]
  }
  if (tox !== null)
    return [
      found({
        name: 'test',
        argv: ['tox'],
        timeoutSeconds: 1800,
        does: [['tox']],
        ...tox,
        reason: 'tox is how it is tested',
      }),
    ]
  if (nox !== null)
    return [
      found({
        name: 'test',
        argv: ['nox'],
        timeoutSeconds: 1800,
        does: [['nox']],
        file: nox,
        evidence: 'sessions',
        reason: 'nox is how it is tested',
      }),
    ]
  const settings = settingsOf(look, SETTINGS.pytest) ?? conftest(look)
  if (tests === undefined) {
    const file = settings?.file ?? tools.named('pytest')?.file
    if (file !== undefined)
      notes.push(
        `pytest is left out: there is no test_*.py or *_test.py yet, and without tests it fails (${file})`,
      )
    return []
  }
  return settings === null ? unittest(tools, tests) : []
}

function pytestCall(tools: Tools, quiet: boolean): ToolCall | null {
  const { look } = tools
  const settings = settingsOf(look, SETTINGS.pytest) ?? conftest(look)
  if (settings !== null) return configured(tools, 'pytest', settings, quiet)
  const named = tools.named('pytest')
  return named === null
    ? null
    : configured(tools, 'pytest', { file: named.file, evidence: 'pytest', reason: 'named as a dependency' })
}

function unittest({ look, runner }: Tools, tests: string): DetectedCommand[] {
  if (!/^(?:import|from) unittest\b/m.test(look.text(tests) ?? '')) return []
  const dir = tests.includes('/') ? tests.slice(0, tests.indexOf('/')) : null
  const discover = dir === null || look.has(`${dir}/__init__.py`) ? [] : ['discover', '-s', dir]
  return [
    found({
      name: 'test',
      // unittest is part of Python: the manager only chooses the interpreter.
      argv: [
        ...(runner.tool.name.includes('python')
          ? runner.argv('unittest')
          : [...runner.argv('python'), '-m', 'unittest']),
        ...discover,
      ],
      does: [['unittest']],
      file: tests,
      evidence: 'imports unittest',
      reason: 'tests for unittest, and nothing names another runner',
    }),
  ]
}
