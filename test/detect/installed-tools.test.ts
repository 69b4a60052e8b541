import { describe, expect, test } from '@jest/globals'
import { type Files, repository } from './rig.ts'

const { write, lines, notes, detect } = repository()
const json = JSON.stringify
const project = '[project]\nname = "x"\ndependencies = ["httpx"]\n'
const tests = { 'tests/test_a.py': 'def test_a(): pass\n' }

describe('settings for a tool do not say that the project can run it', () => {
  test.each<{ name: string; files: Files; kept: readonly string[]; said: RegExp }>([
    {
      name: 'ruff and mypy, which CI installs by itself',
      files: {
        'pyproject.toml': `${project}[tool.ruff]\n[tool.mypy]\n`,
        'requirements-dev.txt': '# ruff\npytest-cov\n',
        ...tests,
        'pytest.ini': '',
      },
      kept: ['test: python3 -m pytest'],
      said: /mypy is left out: pyproject\.toml sets it up, but no lock file.*\n.*ruff is left out/,
    },
    {
      name: 'pyright beside a lock file',
      files: {
        'uv.lock': 'name = "pytest"\n',
        'pyrightconfig.json': '{}',
        'pyproject.toml': `${project}[tool.pytest.ini_options]\n`,
        ...tests,
      },
      kept: ['test: uv run pytest'],
      said: /pyright is left out: pyrightconfig\.json sets it up.*\["uv","run","pyright"\]/,
    },
    {
      name: 'pytest, which only tox installs',
      files: {
        'tox.ini': '[tox]\n[testenv]\ndeps = pytest\n[pytest]\n',
        'setup.py': 'setup(install_requires=[])\n',
        ...tests,
      },
      kept: ['test: tox'],
      said: /^$/,
    },
    {
      name: 'php-cs-fixer',
      files: {
        'composer.json': json({ 'require-dev': { 'phpunit/phpunit': '^11' } }),
        '.php-cs-fixer.dist.php': '',
        'phpunit.xml': '',
      },
      kept: ['test: vendor/bin/phpunit'],
      said: /php-cs-fixer is left out: \.php-cs-fixer\.dist\.php sets it up, but neither/,
    },
    {
      name: 'RuboCop',
      files: { Gemfile: '# gem "rubocop"\ngem "rspec"\n', '.rubocop.yml': '', 'spec/a_spec.rb': '' },
      kept: ['test: bundle exec rspec'],
      said: /rubocop is left out: \.rubocop\.yml sets it up/,
    },
  ])('$name', ({ files, kept, said }) => {
    write(files)
    expect(lines()).toEqual(kept)
    expect(notes()).toMatch(said)
  })

  test('where nothing is left, the message says what to write', () => {
    write({ 'pyproject.toml': `${project}[tool.ruff]\n` })
    expect(detect()).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('["python3","-m","ruff"]') },
    })
  })
})

describe('what names a tool', () => {
  test.each<{ name: string; files: Files; argv: string }>([
    { name: 'a requirement', files: { 'requirements/lint.txt': 'ruff==0.5\n' }, argv: 'python3 -m ruff' },
    {
      name: 'an extra of setup.cfg',
      files: { 'setup.cfg': '[options.extras_require]\ndev = ruff\n' },
      argv: 'python3 -m ruff',
    },
    {
      name: 'a conda environment',
      files: { 'environment.yml': 'dependencies:\n  - ruff\n' },
      argv: 'python3 -m ruff',
    },
    {
      name: 'the lock file',
      files: { 'poetry.lock': '[[package]]\nname = "ruff"\n' },
      argv: 'poetry run ruff',
    },
    {
      name: 'a Pipfile.lock',
      files: { 'Pipfile.lock': '{"develop": {"ruff": {}}}' },
      argv: 'pipenv run ruff',
    },
    {
      name: 'the environment in the workspace',
      files: {
        '.venv/pyvenv.cfg': '',
        '.venv/bin/python*': '',
        '.venv/bin/ruff*': '',
        'requirements.txt': 'x\n',
      },
      argv: '.venv/bin/python -m ruff',
    },
    {
      name: 'the group that uv installs by itself, through another',
      files: {
        'uv.lock': '',
        'pyproject.toml':
          '[dependency-groups]\ndev = [\n  {include-group = "lint"}, # all\n]\nlint = ["ruff[x]>=1"]\n',
      },
      argv: 'uv run ruff',
    },
    {
      name: 'a group that uv has to be asked for',
      files: { 'uv.lock': '', 'pyproject.toml': '[dependency-groups]\ndev = ["tox"]\nlint = ["ruff"]\n' },
      argv: 'uv run --group=lint ruff',
    },
    {
      name: 'a group that the project makes a default',
      files: {
        'uv.lock': '',
        'pyproject.toml': '[dependency-groups]\nlint = ["ruff"]\n[tool.uv]\ndefault-groups = ["lint"]\n',
      },
      argv: 'uv run ruff',
    },
    {
      name: 'an extra',
      files: { 'uv.lock': '', 'pyproject.toml': '[project.optional-dependencies]\nqa = ["ruff"]\n' },
      argv: 'uv run --extra=qa ruff',
    },
  ])('$name', ({ files, argv }) => {
    write({ 'ruff.toml': '', ...files })
    expect(lines()).toEqual([`lint: ${argv} check . (fast)`])
    expect(notes()).toBe('')
  })
})

test('scripts of Hatch, and its own tests', () => {
  write({
    'pyproject.toml': `${project}[tool.ruff]
[tool.hatch.envs.hatch-test]
[tool.hatch.envs.types]
extra-dependencies = ["mypy"]
[tool.hatch.envs.types.scripts]
check = "mypy {args:src tests}"
[tool.hatch.envs.default.scripts]
lint = ["ruff check src tests", "ruff format --check"]
`,
    ...tests,
  })
  expect(lines()).toEqual([
    'types:check: hatch run types:check (fast)',
    'lint: hatch run lint (fast)',
    'test: hatch test',
  ])
  expect(notes()).toBe('')
})
