import { programOf } from '../definition/collection.ts'
import { parseManager } from '../definition/node/manager.ts'
import { toolOf } from './tool-of.ts'

const RUNNERS = new Set(
  'jest vitest mocha ava tap playwright cypress karma jasmine pytest py.test unittest tox nox ctest rspec phpunit pest gotestsum bats'.split(
    ' ',
  ),
)

/** A script or a program that is called after tests: `test:unit`, `run-tests.sh`, `spec`. */
const NAME = /(?:^|[^a-z])(?:tests?|specs?|unittests?)(?:[^a-z]|$)/i

/** Does one of these simple commands run tests, as far as its words show? */
export function runsTests(steps: readonly (readonly string[])[]): boolean {
  return steps.some((argv) => {
    const manager = parseManager(argv)
    if (manager !== null && manager.scripts.some((name) => NAME.test(name))) return true
    const tool = toolOf(argv)
    const program = programOf(tool)
    if (RUNNERS.has(program) || NAME.test(program)) return true
    const [verb = '', second = ''] = tool.slice(1).filter((arg) => !/^[-+]/.test(arg))
    // The verb, or what stands behind `run`; a directory `tests` that a linter looks at is neither.
    return (
      tool.includes('--test') ||
      /^(?:test|nextest|spec|verify|check-?tests?|tests?[:_-].*)$/.test(verb === 'run' ? second : verb)
    )
  })
}

export function isTestName(name: string): boolean {
  return NAME.test(name)
}
