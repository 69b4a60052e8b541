import { FIRST_LINE } from '../../supervisor/effects/prompt.ts'
import { type ActorStep, type Turn, actionOf } from '../actor.ts'
import { message } from '../model/items.ts'
import { inputTexts, toolNames } from '../model/request.ts'
import type { ModelAnswer, ModelRequest, ModelScript } from '../model/scripted-model.ts'
import { usageLimit } from '../model/usage-limit.ts'
import { type Part, claims, honest, outside, parts, strays } from './project.ts'

/** `wait`: the model says nothing until its Codex is gone. `limit`: the plan is used up for a moment. */
type Step = ActorStep | 'wait' | 'limit'

/** What the three agents saw, and when. */
export interface Cast {
  readonly script: ModelScript
  /** Of each item, request by request; grows. */
  readonly turns: Readonly<Record<string, readonly Turn[]>>
  /** Resolves once all of them wait, each in the middle of its turn. */
  readonly allWait: Promise<void>
}

/** Long enough for whoever waits to be gone first. */
const FOR_EVER_MS = 2 ** 30
const LIMIT_SECONDS = 2

const complete: ActorStep = {
  say: JSON.stringify({ status: 'complete', summary: 'All done!', proposal: null }),
}
const put = (text: string, file: string): string => `mkdir -p src && printf '%s' '${text}' > ${file}`

/** What each of them does whatever it is told. */
const plays: Readonly<Record<string, readonly Step[]>> = {
  [honest.id]: [{ run: put('hel', honest.file) }, 'wait', { run: put(honest.text, honest.file) }, complete],
  [claims.id]: ['wait', complete, { run: put(claims.text, claims.file) }, 'limit', complete],
  [strays.id]: [
    'wait',
    { run: `${put(strays.text, strays.file)} && printf 'and more' >> ${outside}` },
    complete,
    complete,
  ],
}

/** One agent for each item, at work at the same time. `hard`: they are cut off in the middle, and one meets its limit. */
export function cast(hard: boolean): Cast {
  const turns: Record<string, Turn[]> = Object.fromEntries(parts.map(({ id }) => [id, []]))
  const waiting = new Set<string>()
  const { promise: allWait, resolve } = withResolver()
  const script = (request: ModelRequest): ModelAnswer => {
    const part = partOf(request)
    // A side request of Codex (a title, a summary) offers no tools and is no turn of an agent.
    if (part === undefined || toolNames(request).length === 0) return [message('A greeting.')]
    const steps = (plays[part.id] ?? []).filter((one) => hard || typeof one === 'object')
    const seen = (turns[part.id] ??= [])
    const step = steps[Math.min(seen.length, steps.length - 1)]
    seen.push({ at: performance.now(), texts: inputTexts(request) })
    if (step === undefined) return []
    if (step === 'limit') return usageLimit(Math.ceil(Date.now() / 1000) + LIMIT_SECONDS)
    if (step !== 'wait') return [actionOf(step, request)]
    waiting.add(part.id)
    if (waiting.size === parts.length) resolve()
    return { items: [], delayMs: FOR_EVER_MS }
  }
  return { script, turns, allWait }
}

/** The item that a request is about, by what the supervisor said last. */
function partOf(request: ModelRequest): Part | undefined {
  const said = inputTexts(request).findLast((text) => text.startsWith(`message:user ${FIRST_LINE}`))
  return parts.find(({ title }) => said?.split('\n').includes(`# ${title}`))
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
