import { type AgentName, type Scenario, agentNames } from './scenario.ts'
import { scenarios } from './scenarios.ts'

const titles: Readonly<Record<AgentName, string>> = {
  codex: 'Codex',
  claude: 'Claude Code',
  gemini: 'Gemini CLI',
  command: 'a command',
}

/** What docs/agents.md says of the scenarios: a row for each, and where a program cannot do it, why. */
export function scenarioTable(): string {
  const head = ['what is played', 'its turns', 'the item', ...agentNames.map((name) => titles[name])]
  return [head, head.map(() => '---'), ...scenarios.map(rowOf)]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function rowOf({ name, comes, except = {} }: Scenario): string[] {
  return [name, comes.turns.join(', '), comes.item, ...agentNames.map((one) => except[one]?.why ?? 'yes')]
}
