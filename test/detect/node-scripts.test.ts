import { describe, expect, test } from '@jest/globals'
import { chooseScripts, readScripts } from '../../src/detect/node-scripts.ts'

type Scripts = Readonly<Record<string, string>>

function chosen(scripts: Scripts, preferred?: readonly string[]) {
  const result = chooseScripts(readScripts({ scripts }), preferred)
  return result.ok
    ? { names: result.value.commands.map((one) => one.name), notes: result.value.notes.join('\n') }
    : { names: [], notes: result.error.message }
}

describe('a combined script stands for what it runs, and the rest is added', () => {
  const [lint, unit] = ['eslint .', 'vitest run']
  test.each<{ scripts: Scripts; names: readonly string[]; notes?: RegExp }>([
    { scripts: { check: 'svelte-check', test: unit, lint }, names: ['lint', 'check', 'test'] },
    { scripts: { check: 'npm run lint && npm test', test: unit, lint }, names: ['check'] },
    { scripts: { check: 'pnpm lint && pnpm --silent test', test: unit, lint }, names: ['check'] },
    { scripts: { check: 'run-s lint test', test: unit, lint }, names: ['check'] },
    { scripts: { check: 'run-p lint:* test', 'lint:js': lint, test: unit }, names: ['check'] },
    { scripts: { check: 'concurrently "npm:lint" "npm run test"', test: unit, lint }, names: ['check'] },
    { scripts: { check: 'sh -c "npm run lint && node --run test"', test: unit, lint }, names: ['check'] },
    { scripts: { check: 'eslint . && vitest run', test: unit, lint }, names: ['check'] },
    { scripts: { check: 'tsc', postcheck: 'npm test', test: unit, lint }, names: ['lint', 'check'] },
    { scripts: { check: 'npm run all', all: 'npm t', test: unit }, names: ['check'] },
    // Other packages' scripts of that name are not this one's.
    { scripts: { check: 'npm run test --workspaces', test: unit }, names: ['check', 'test'] },
    { scripts: { check: 'npm --prefix web test', test: unit }, names: ['check', 'test'] },
    { scripts: { check: 'bun test', test: unit }, names: ['check', 'test'] },
    {
      scripts: { check: 'a', ci: 'b', test: unit },
      names: ['check', 'test'],
      notes: /ci .* left out: check/,
    },
    { scripts: { check: 'npm run ci', ci: 'npm test', test: unit }, names: ['check'] },
    {
      scripts: { check: 'svelte-check', test: 'echo "no test specified" && exit 1' },
      names: ['check'],
      notes: /test of package\.json is left out: it is the placeholder/,
    },
    { scripts: { check: 'npm run quality', quality: 'npm run check', test: unit }, names: ['check', 'test'] },
  ])('$scripts: $names', ({ scripts, names, notes }) => {
    const result = chosen(scripts)
    expect(result.names).toEqual(names)
    if (notes === undefined) expect(result.notes).toBe('')
    else expect(result.notes).toMatch(notes)
  })
})

describe('a script that never ends', () => {
  test.each([
    'jest --watch',
    'jest --watchAll',
    'jest --watchAll=true',
    'tsc -w',
    'tsc --watch=true',
    'tsc --noEmit --watch true',
    'npx -y tsc -w',
    'cross-env A=1 pnpm exec vitest watch',
    'vitest dev',
    'vitest --ui',
    'playwright test --ui',
    'mocha -w',
    'rollup -cw',
    'esbuild a.js --watch=forever',
    'webpack serve',
    'webpack --watch',
    'nodemon --exec jest',
    'ng test',
    'yarn ng test --code-coverage',
    'node --watch --test',
    'node --watch-path=src a.js',
    'tsx watch a.ts',
    'cargo watch -x test',
    'vite',
    'vite --port 3',
    'next dev',
    'npm run dev',
    'npm run unit -- --watch',
    'npm run lint:x && sh -c "npm run dev"',
  ])('%s is left out with a word, or is named where a person wants it', (text) => {
    const scripts = { test: text, dev: 'vite', unit: 'jest', 'lint:x': 'eslint .', lint: 'eslint .' }
    expect(chosen(scripts)).toEqual({
      names: ['lint', 'unit'],
      notes: expect.stringMatching(/^script test of package\.json is left out: it watches or serves/),
    })
    expect(chosen(scripts, ['test'])).toEqual({
      names: ['test'],
      notes: expect.stringContaining('never ends'),
    })
  })

  test.each([
    'vitest',
    'vitest run',
    'vitest --run --ui',
    'jest -w 2',
    'jest --watch=false',
    'jest --watchAll=false',
    'jest --watchAll false',
    'ng test --watch=false',
    'ng test --no-watch',
    'ng test --configuration ci',
    'npm run angular -- --watch=false',
    'react-scripts test',
    'mocha --ui tdd',
    'vite build && vitest run',
    'vite preview & wait-on http://x && playwright test',
    'start-server-and-test "vite preview" 4173 "npm run unit"',
    'tsc 2>&1 | tee log',
    'next lint',
    'next --version',
    'webpack -w=never',
    'cargo test',
    'npm run dev --prefix web',
  ])('%s is none', (text) => {
    const scripts = { test: text, dev: 'vite', angular: 'ng test' }
    expect(chosen(scripts)).toEqual({ names: ['test'], notes: '' })
  })

  test('one that ends takes its place', () => {
    expect(chosen({ test: 'vitest watch', 'test:ci': 'vitest run', 'test:run': 'vitest watch' })).toEqual({
      names: ['test:ci'],
      notes: expect.stringMatching(/script test .*\(vitest watch\); test:ci is taken in its place$/),
    })
  })
})

describe('a script that rewrites files', () => {
  test.each([
    'eslint . --fix',
    'eslint --fix=true .',
    'prettier --write .',
    'prettier -w src',
    'npx @biomejs/biome check --write .',
    'biome check --apply',
    'uv run ruff check --fix .',
    'ruff format',
    'stylelint --fix "**/*.css"',
    'oxlint --fix',
    'oxfmt',
    'dprint fmt',
    'gofmt -w .',
    'go fmt ./...',
    'cargo fmt',
    'cargo clippy --fix',
    'deno fmt',
    'npm run format',
    'npm run look -- --fix',
    'tsc && run-s format',
  ])('%s stays with a word, or gives way to one that looks', (text) => {
    const scripts = { lint: text, format: 'prettier --write .', look: 'eslint .' }
    const command = expect.stringMatching(/^script lint of package\.json rewrites files \(.+\), and a gate/)
    expect(chosen(scripts)).toEqual({ names: ['lint'], notes: command })
    expect(chosen(scripts, ['lint'])).toEqual({ names: ['lint'], notes: command })
    const both = { ...scripts, 'lint:ci': 'eslint . && eslint-x', 'lint:check': 'eslint . --fix' }
    expect(chosen(both)).toEqual({
      names: ['lint:ci'],
      notes: expect.stringMatching(/is left out: it rewrites files .*; lint:ci is taken in its place$/),
    })
  })

  test.each([
    'eslint .',
    'eslint --fix-dry-run .',
    'eslint --fix=false .',
    'prettier --check .',
    'biome check .',
    'ruff check . && ruff format --check',
    'cargo fmt --all -- --check',
    'cargo clippy',
    'deno fmt --check',
    'dprint check',
    'gofmt -l .',
    'go vet ./...',
    'oxfmt --check',
    'npm run look',
  ])('%s only looks', (text) => {
    expect(chosen({ lint: text, look: 'eslint .' })).toEqual({ names: ['lint'], notes: '' })
  })

  test('snapshots that a test writes itself are said too', () => {
    expect(chosen({ test: 'jest -u' }).notes).toContain('rewrites files (jest -u)')
  })
})

test('scripts that call each other over and over are not followed for ever', () => {
  const scripts = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`s${at}`, `npm run s${at + 1} && npm run s${at + 1}`]),
  )
  expect(chosen({ ...scripts, s60: 'jest', test: 'npm run s0' }).names).toEqual(['test'])
})
