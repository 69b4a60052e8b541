import { programOf } from '../definition/collection.ts'
import { parseManager } from '../definition/node/manager.ts'
import { unwrap } from '../definition/wrappers.ts'

/** Programs that start a tool of the project's own, with the word for it. */
const STARTERS: Readonly<Record<string, string>> = {
  uv: 'run',
  poetry: 'run',
  pdm: 'run',
  pipenv: 'run',
  hatch: 'run',
  bundle: 'exec',
}

/** The tool and its arguments behind `npx`, `pnpm exec`, `uv run`, `bundle exec`, `python -m` and the like. */
export function toolOf(argv: readonly string[]): readonly string[] {
  const program = programOf(argv)
  const started = parseManager(argv)?.tool ?? null
  if (started !== null) return unwrap(started)
  if (/^python[\d.]*$/.test(program) && argv[1] === '-m') return argv.slice(2)
  if (Object.hasOwn(STARTERS, program) && STARTERS[program] === argv[1]) {
    const from = argv.findIndex((word, at) => at > 1 && !word.startsWith('-'))
    return from === -1 ? argv : toolOf(unwrap(argv.slice(from)))
  }
  return argv
}
