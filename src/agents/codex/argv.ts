import type { TurnBase } from '../agent.ts'
import { schemaFile } from '../places.ts'
import type { CodexAgent } from './settings.ts'

/**
 * The command line of one turn. Nothing but the conversation is kept from one turn to the next, so every flag is given each time;
 * those of the sandbox stand before `resume`, which does not take them. The prompt comes on stdin.
 */
export function codexArgv(agent: CodexAgent, turn: TurnBase, worktree: string, id: string | null): string[] {
  const sandbox = turn.role === 'work' ? 'workspace-write' : 'read-only'
  return [
    agent.bin,
    'exec',
    '-s',
    sandbox,
    '-C',
    turn.workspace,
    ...(id === null ? [] : ['resume']),
    '--json',
    ...(agent.model === null ? [] : ['-m', agent.model]),
    ...settings({ ...agent, effort: turn.effort ?? agent.effort }, turn, worktree).flatMap((one) => [
      '-c',
      one,
    ]),
    ...(isCritical(turn) ? ['--skip-git-repo-check', '--disable', 'hooks'] : []),
    '--output-schema',
    schemaFile(turn),
    ...(id === null ? [] : [id]),
    '-',
  ]
}

function settings({ effort, network, isTrusted }: CodexAgent, turn: TurnBase, worktree: string): string[] {
  return [
    'approval_policy="never"',
    // The temp directory of the attempt stays; that of the machine is everybody's.
    'sandbox_workspace_write.exclude_slash_tmp=true',
    'sandbox_workspace_write.exclude_tmpdir_env_var=false',
    'sandbox_workspace_write.writable_roots=[]',
    `sandbox_workspace_write.network_access=${network === 'full'}`,
    // Names with KEY, SECRET or TOKEN do not reach commands.
    'shell_environment_policy.ignore_default_excludes=false',
    ...(isTrusted ? [`projects={${JSON.stringify(worktree)}={trust_level="trusted"}}`] : []),
    // Nothing of the person's or the project's speaks to whoever judges what others made.
    ...(isCritical(turn) ? ['project_doc_max_bytes=0', 'mcp_servers={}'] : []),
    ...(effort === null ? [] : [`model_reasoning_effort=${JSON.stringify(effort)}`]),
  ]
}

const isCritical = ({ role }: TurnBase): boolean => role === 'review' || role === 'planReview'
