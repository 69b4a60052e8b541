import type { Turn } from '../agent.ts'
import type { ClaudeAgent } from './settings.ts'

const ALWAYS = flags(
  '-p --output-format stream-json --verbose --include-partial-messages --permission-mode dontAsk',
)

/** What a worker needs is allowed by name, since nobody is there to be asked. The sandbox around it says what these may do. */
const ALLOWED = 'Agent,Bash,Edit,Glob,Grep,Monitor,NotebookEdit,Read,Skill,TaskStop,WebFetch,WebSearch,Write'

/** What would leave the worktree, or go on after the turn. */
const NEVER = 'CronCreate,CronDelete,EnterWorktree,ExitWorktree,ScheduleWakeup,SendMessage,Workflow'

const WORK = flags(`--allowedTools ${ALLOWED} --disallowedTools ${NEVER}`)

/** All that a planner or reviewer has. They see no customization of anybody: no instructions, hooks, servers of tools or skills. */
const READ = flags('--tools Read,Grep,Glob --safe-mode --setting-sources user --strict-mcp-config')

/**
 * The command line of one turn. Nothing but the conversation is kept from one turn to the next, so every flag is given each time. The
 * prompt comes on stdin.
 */
export function claudeArgv<A>(
  agent: ClaudeAgent,
  turn: Turn<A>,
  { id, isNew }: { readonly id: string; readonly isNew: boolean },
): string[] {
  const effort = turn.effort ?? agent.effort
  return [
    agent.bin,
    ...ALWAYS,
    ...(turn.role === 'work' ? [...WORK, ...projectFlags(agent)] : READ),
    ...(turn.readable ?? []).flatMap((dir) => ['--add-dir', dir]),
    ...(agent.model === null ? [] : ['--model', agent.model]),
    ...(effort === null ? [] : ['--effort', effort]),
    '--json-schema',
    JSON.stringify(turn.form.jsonSchema()),
    isNew ? '--session-id' : '--resume',
    id,
  ]
}

/** Where nobody trusts a project its hooks would run all the same, and its servers of tools. */
function projectFlags({ isTrusted }: ClaudeAgent): readonly string[] {
  return flags(isTrusted ? '--setting-sources user,project' : '--setting-sources user --strict-mcp-config')
}

function flags(line: string): readonly string[] {
  return line.split(' ')
}
