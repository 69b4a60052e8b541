import { ok } from '../base/result.ts'
import { findCodexProcess } from '../codex/processes.ts'
import type { HookAnswer, HookPayload } from '../codex/types.ts'
import type { Context } from '../records/context.ts'
import { isHeldBy } from '../ledger/state.ts'
import { sessionPaths } from '../ledger/paths.ts'
import { append } from '../ledger/store.ts'
import { nothing } from './handled.ts'
import { openSession } from './session-view.ts'

type Subagent = Extract<HookPayload, { event: 'SubagentStart' | 'SubagentStop' }>

/**
 * Notes that a child of this session's agent began or ended, so that the root is not released while it works. Says
 * nothing to Codex: whatever is wrong with the record, the root's own stop says it.
 */
export async function onSubagent(
  context: Context,
  payload: Subagent,
  parentPid: number,
): Promise<HookAnswer> {
  const { agentId } = payload
  if (agentId === null) return nothing
  const session = await openSession(context, payload)
  if (!session.ok || !isHeldBy(session.value.state)) return nothing
  const started = payload.event === 'SubagentStart'
  append(sessionPaths(context.env.home, payload.sessionId), context.clock, (state) =>
    ok(
      isHeldBy(state)
        ? [
            {
              type: 'child',
              data: {
                id: agentId,
                what: started ? 'started' : 'stopped',
                agentType: payload.agentType,
                transcript: started ? payload.transcriptPath : payload.agentTranscriptPath,
                codex: findCodexProcess(parentPid, payload.host) ?? null,
              },
            },
          ]
        : [],
    ),
  )
  return nothing
}
