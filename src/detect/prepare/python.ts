import type { DetectedCommand } from '../detection.ts'
import type { RepoFiles } from '../files.ts'
import { tableNamed } from '../found.ts'
import { dependencyOn } from '../python-dependencies.ts'
import { chooseRunner } from '../python-runner.ts'
import { type PrepareProposal, fetching, nothingToPrepare } from './proposal.ts'
import { variablesIn } from './variables.ts'

/**
 * The environment that the gates of a Python project run in, inside the tree. Without a manager and without an environment they
 * use the machine's Python, for which nothing is made.
 */
export function pythonPrepare(look: RepoFiles, commands: readonly DetectedCommand[]): PrepareProposal {
  const runner = chooseRunner(look)
  if (typeof runner === 'string') return nothingToPrepare
  const { name, reason } = runner.tool
  const file = look.first(`${name}.lock`, 'Pipfile.lock', 'pyproject.toml') ?? 'pyproject.toml'
  const variables = variablesIn(look, ['Pipfile'])
  const step = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): PrepareProposal => ({
    ...nothingToPrepare,
    steps: [fetching({ argv, env, file, reason, variables })],
  })
  switch (name) {
    case 'uv':
      return step(['uv', 'sync', ...(look.has('uv.lock') ? ['--locked'] : []), ...askedFor(commands)])
    case 'poetry':
      return step(['poetry', 'install', '--no-interaction'], { POETRY_VIRTUALENVS_IN_PROJECT: 'true' })
    case 'pdm':
      return step(['pdm', 'install', ...(look.has('pdm.lock') ? ['--frozen-lockfile'] : [])])
    case 'pipenv':
      return step(['pipenv', 'sync', '--dev'], { PIPENV_VENV_IN_PROJECT: '1' })
    case '.venv/bin/python':
    case 'venv/bin/python':
      return withPip(look, name)
    default:
      return nothingToPrepare
  }
}

/** Groups and extras that gates ask `uv run` for: there they could no longer be fetched. */
function askedFor(commands: readonly DetectedCommand[]): string[] {
  const pairs = commands.flatMap(({ argv }) =>
    argv[0] === 'uv'
      ? argv.flatMap((word, index) =>
          /^--(?:extra|group)$/.test(word) ? [`${word} ${argv[index + 1] ?? ''}`] : [],
        )
      : [],
  )
  return [...new Set(pairs)].flatMap((pair) => pair.split(' '))
}

/** Lists that are for work on the project, not for its servers. */
const LISTS =
  /^(?:requirements|requirements[-_.]?(?:dev|develop|test|tests|testing|ci|all)|(?:dev|test|tests|ci)[-_.]requirements)\.txt$/

/** A virtual environment of its own. With `-I` no module of the project stands in for one of Python's. */
function withPip(look: RepoFiles, python: string): PrepareProposal {
  const venv = python.slice(0, python.indexOf('/'))
  const lists = [
    ...look.names('.').filter((one) => LISTS.test(one)),
    ...look
      .names('requirements')
      .filter((one) => /^(?:dev|develop|test|tests|ci)\.txt$/.test(one))
      .map((one) => `requirements/${one}`),
  ]
  const extra = dependencyOn(look, 'pytest').named?.extra ?? null
  const own = tableNamed(look.text('pyproject.toml'), 'build-system') !== undefined || look.has('setup.py')
  const wanted = [
    ...lists.flatMap((list) => ['-r', list]),
    ...(own ? ['-e', extra === null ? '.' : `.[${extra}]`] : []),
  ]
  if (wanted.length === 0) return { ...nothingToPrepare, notes: [`nothing says what ${venv} has to hold`] }
  const file = lists[0] ?? look.first('pyproject.toml', 'setup.py') ?? 'pyproject.toml'
  const pip = [python, '-I', '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check']
  const reason = `the gates run in ${venv}`
  return {
    ...nothingToPrepare,
    steps: [
      fetching({ argv: ['python3', '-I', '-m', 'venv', venv], network: 'none', file, reason }),
      fetching({ argv: [...pip, ...wanted], file, reason, variables: variablesIn(look, lists) }),
    ],
  }
}
