import { describe, expect, test } from '@jest/globals'
import { type Files, repository } from './rig.ts'

const { write, lines, notes, found } = repository()
const json = JSON.stringify
const npm = (scripts: Files): Files => ({
  'package.json': json({ scripts }),
  'package-lock.json': '{}',
})

describe('a script that wants a workspace without changes makes no gate', () => {
  test.each([
    'git diff --quiet',
    'git diff --exit-code',
    'git --no-pager diff --exit-code -- go.mod',
    'git -C sub diff --quiet HEAD',
    'git diff-index --quiet HEAD --',
    'git status --porcelain',
    'git status -s | grep . && exit 1',
    'test -z "$(git status)"',
    '[ -z "$(git diff --name-only)" ] || exit 1',
    'if ! git diff --quiet; then exit 1; fi',
  ])('%s', (text) => {
    write({ Makefile: `.PHONY: check test\ncheck: test\n\t${text.replaceAll('$', '$$$$')}\ntest:\n\t./t\n` })
    expect(lines()).toEqual(['test: make test'])
    expect(notes()).toMatch(/target check of Makefile is left out: it wants a workspace without changes/)
  })

  test.each([
    'git diff --check',
    'git diff --quiet origin/main...HEAD -- docs',
    'git diff --no-index --exit-code a b',
    'git diff',
    'git status',
    'echo git diff --quiet',
    'VERSION=$$(git describe --dirty) ./x',
  ])('%s does not', (text) => {
    write({ Makefile: `.PHONY: check\ncheck:\n\t${text}\n\t./t\n` })
    expect(lines()).toEqual(['check: make check'])
    expect(notes()).not.toMatch(/without changes/)
  })

  test('its parts that only look are taken: not what generates, and the tests once', () => {
    write({
      Makefile: `DIRS := . sub
.PHONY: ci generate license-check lint verify-mods build test test-race clean-tree test-coverage
ci: generate license-check lint verify-mods build test-race clean-tree test-coverage
generate: ; go generate ./...
license-check: ; ./licenses.sh
lint: ; golangci-lint run
verify-mods: ; ./mods.sh
build: ; go build ./...
test-race: test
test: $(DIRS:%=test/%)
test/%: ; cd $* && go test ./...
test-coverage: ; go test -cover ./...
clean-tree:
	@if ! git diff --quiet; then exit 1; fi
`,
      'go.mod': 'module x\n',
    })
    expect(lines()).toEqual([
      'lint: make lint (fast)',
      'vet: go vet ./... (fast)',
      'license-check: make license-check',
      'verify-mods: make verify-mods',
      'test-race: make test-race',
    ])
    expect(notes()).toMatch(/its parts license-check, lint, verify-mods, test-race are taken in its place/)
    expect(notes()).toMatch(/go test -count=1 \.\/\.\.\. is left out: make test-race runs it/)
  })

  test('in package.json', () => {
    write(
      npm({
        ci: 'npm run build && npm run lint && npm test && git diff --exit-code',
        build: 'tsc',
        lint: 'eslint .',
        test: 'jest',
      }),
    )
    expect(lines()).toEqual(['lint: npm run lint (fast)', 'test: npm run test'])
  })
})

describe('scripts under other usual names', () => {
  test('are taken where the plain name is not there', () => {
    write(
      npm({
        'types:check': 'tsc --noEmit',
        'lint:js': 'eslint .',
        'format:check': 'prettier --check .',
        'test:unit': 'vitest run',
      }),
    )
    expect(lines()).toEqual([
      'types:check: npm run types:check (fast)',
      'lint:js: npm run lint:js (fast)',
      'format:check: npm run format:check (fast)',
      'test:unit: npm run test:unit',
    ])
    expect(notes()).toBe('')
  })

  test('are named where they are not taken, save what writes, watches, or runs anyway', () => {
    write(
      npm({
        test: 'npm run test:unit',
        'test:unit': 'vitest run',
        'test:e2e': 'playwright test',
        'test:watch': 'vitest --watch',
        'lint:fix': 'eslint --fix .',
        'verify-links': 'linkcheck',
        build: 'tsc',
      }),
    )
    expect(lines()).toEqual(['test: npm run test'])
    expect(found().notes).toEqual([
      'scripts of package.json that may be checks too and are not taken: test:e2e, verify-links (--prefer-scripts names the ones to take)',
    ])
  })

  test('one that the tests run is not run twice', () => {
    write(npm({ test: 'npm run test:types && vitest run', 'test:types': 'tsc --noEmit' }))
    expect(lines()).toEqual(['test: npm run test'])
  })
})

describe('the same suite is run once', () => {
  test('a combined target that only reports otherwise', () => {
    write({
      Makefile:
        '.PHONY: ci test\nci:\n\tpython -m pytest tests --junitxml=report.xml\ntest:\n\tpytest -v tests\n',
    })
    expect(lines()).toEqual(['test: make test'])
    expect(notes()).toMatch(/target ci of Makefile is left out: it runs the same as test/)
  })

  test('a makefile that includes another, and says its tools with variables', () => {
    write({
      Makefile: 'include Makefile.common\n.PHONY: test\ntest: common-test\n',
      'Makefile.common': 'GO ?= go\nGOTEST := $(GO) test\ncommon-test:\n\t$(GOTEST) -race ./...\n',
      'go.mod': 'module x\n',
    })
    expect(lines()).toEqual(['vet: go vet ./... (fast)', 'test: make test'])
  })
})

test('a linter that looks at a directory of tests runs none of them', () => {
  write({ Makefile: '.PHONY: lint\nlint:\n\truff check src tests\n' })
  expect(lines()).toEqual(['lint: make lint (fast)'])
})
