import { blockAfter, outputAfter, waitAfter } from '../actor.ts'
import { type Observation, seenLine } from '../claims.ts'
import { blockedOtherwise, sessionFailure, taskLine } from '../look.ts'
import { complaint, objective, task } from '../project.ts'
import type { Session, World } from '../world.ts'
import { enableCommand, installRepo, onlyRun } from './arm.ts'

/** Steps of the agent, by number; see actor.ts. */
const ENABLE = 0
const FIRST = 1
const SECOND = 3
const LAST = 5

/** The whole way: under contract, out too early twice, released after the work. */
export async function storyScene(world: World): Promise<readonly Observation[]> {
  const repo = await world.makeRepo('story')

  const problem = await installRepo(world, repo)
  if (problem !== null) return [{ id: 'enable', ok: false, seen: problem, ms: null }]
  const session = await world.session(repo, 'Please write the greeting.', [
    { run: enableCommand(world) },
    { say: 'All done!' },
    { run: 'mkdir -p src && printf wrong > src/greeting.txt' },
    { say: 'Now it is done.' },
    { run: 'printf hello > src/greeting.txt' },
    { say: 'Done, really.' },
  ])
  const took = (step: number): number | null => waitAfter(session.turns, step, session.endedAt)
  return [
    { ...enabled(session), ms: took(ENABLE) },
    { ...firstStop(session), ms: took(FIRST) },
    { ...secondStop(session), ms: took(SECOND) },
    { ...(await released(world, repo, session)), ms: took(LAST) },
  ]
}

type Seen = Omit<Observation, 'ms'>

function enabled(session: Session): Seen {
  const output = outputAfter(session.turns, ENABLE)
  const field = (name: string): string | undefined =>
    // Quotes are escaped once more where the model's tools answer with JSON.
    new RegExp(`\\\\*"${name}\\\\*":\\s*\\\\*"([a-z-]+)`).exec(output ?? '')?.[1]
  const [mode, proof] = [field('activation_mode'), field('enforced')]
  if (mode === undefined)
    return { id: 'enable', ok: false, seen: output === null ? sessionFailure(session) : refusal(output) }
  return {
    id: 'enable',
    ok: mode === 'spooled' && proof === 'proven',
    seen: `activation_mode: ${mode}, enforced: ${proof}`,
  }
}

function firstStop(session: Session): Seen {
  const reason = blockAfter(session.turns, FIRST)
  const line = taskLine(reason)
  // Nothing failed yet that could be shown: a gate that ran here would have been run for nothing.
  const ok =
    line !== undefined && line.includes(task.evidence[0].glob) && !reason?.includes(complaint('').trimEnd())
  return { id: 'first-stop', ok, seen: line ?? notSaid(reason, session, FIRST) }
}

function secondStop(session: Session): Seen {
  const reason = blockAfter(session.turns, SECOND)
  const line = lineWith(reason, complaint('wrong'))
  return { id: 'second-stop', ok: line !== undefined, seen: line ?? notSaid(reason, session, SECOND) }
}

async function released(world: World, repo: string, session: Session): Promise<Seen> {
  const run = await onlyRun(world, repo)
  const ok =
    run !== null &&
    run.state === 'released' &&
    run.blocks === 2 &&
    run.objective === objective &&
    run.checkCode === 0 &&
    run.sound &&
    session.code === 0 &&
    session.turns.length === LAST + 1
  const seen =
    run === null
      ? sessionFailure(session)
      : `status: ${run.state} after ${run.blocks} blocks; codex exit ${session.code}`
  return { id: 'release', ok, seen }
}

function lineWith(text: string | null, words: string): string | undefined {
  const line = text?.split('\n').find((one) => one.includes(words))
  return line === undefined ? undefined : seenLine(line.replace(/^\s*- /, ''))
}

function notSaid(reason: string | null, session: Session, step: number): string {
  if (session.turns[step] === undefined) return 'not reached'
  return reason === null ? sessionFailure(session) : blockedOtherwise(reason)
}

/** The message of a refused request, or whatever the shell said. */
function refusal(output: string): string {
  const message = /\\*"message\\*":\s*\\*"([^"\\]+)/.exec(output)?.[1]
  return seenLine(message ?? output.slice(output.indexOf('Output:')))
}
