/** One of these stands for what it runs. */
export const COMBINED = ['check', 'quality', 'ci'] as const
export const SINGLE = ['typecheck', 'lint', 'format', 'test'] as const satisfies readonly Single[]

/** Kinds of checks that each make one gate. */
export type Single = 'typecheck' | 'lint' | 'format' | 'test'

const list = (text: string): readonly string[] => text.split(' ')

/** What scripts of a kind are called where the plain name is not there; the first that is, is taken. */
export const OTHER_NAMES: Readonly<Record<Single, readonly string[]>> = {
  typecheck: list(
    'type-check type_check typecheck:ci types:check types check:types check-types check:type check:ts ts:check tsc check:tsc tsc:check test:types mypy pyright',
  ),
  lint: list(
    'lint:check lint:ci lint:all lint-check check:lint check-lint lint:js lint:ts lint:code eslint linter linting',
  ),
  format: list(
    'format:check format-check check:format check-format check:formatting fmt:check fmt-check check:fmt check-fmt prettier:check check:prettier check-style check:style',
  ),
  test: list(
    'tests test:all test:ci test:run test:once test:unit test-unit unit unit-test unit-tests unittest unittests test:node spec',
  ),
}

const CHECK =
  /(?:^|[:_-])(?:tests?|spec|unit|e2e|integration|lint|check|type-?check|types|verify|validate|vet)(?:$|[:_-])/
/** By their name they do something else with checks. */
const OTHERWISE =
  /(?:^|[:_-])(?:fix|watch|dev|debug|update|write|serve|open|ui|build|clean|setup|install|deps?|bench|release|publish|docs?|help)(?:$|[:_-])|%/

/** Does a script's name say that it checks something? */
export function isCheckName(name: string): boolean {
  return CHECK.test(name) && !OTHERWISE.test(name)
}
