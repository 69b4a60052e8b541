import { parseWholeConfig } from '../../src/contract/whole-config.ts'
import type { ProjectConfig } from '../../src/contract/types.ts'
import type { BacklogProblem, Item } from '../../src/backlog/item.ts'
import { parseItem } from '../../src/backlog/parse-item.ts'

export const configObject = {
  version: 2,
  commands: { test: ['npm', 'test'], lint: ['npm', 'run', 'lint'], e2e: ['npm', 'run', 'e2e'] },
  gateProfiles: { fast: ['lint'], final: ['lint', 'test'], slow: ['e2e'] },
  supervisor: {
    agents: {
      codex: { adapter: 'codex' },
      mine: { adapter: 'command', argv: ['./agent.sh', '{prompt_file}'] },
    },
  },
}

export function configOf(value: object): ProjectConfig {
  const config = parseWholeConfig(JSON.stringify(value), 'config')
  if (!config.ok) throw new Error(JSON.stringify(config.error))
  return config.value
}

export const config = configOf(configObject)

/** An item that has to be good. */
export function itemOf(name: string, text: string, by: ProjectConfig = config): Item {
  const item = parseItem(name, text, by)
  if (!item.ok) throw new Error(JSON.stringify(item.error))
  return item.value
}

/** `name`, front matter lines. */
export function markdown(front: string, body = '# Do it\n'): string {
  return `---\n${front}\n---\n${body}`
}

/** `file:line path: found`, as a person would look for them. */
export function places(problems: readonly BacklogProblem[]): string[] {
  return problems.map((one) => `${one.file}:${one.line} ${one.path}: ${one.found}`)
}
