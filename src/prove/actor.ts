import { type ModelItem, codeModeCommand, execCommand, message } from './model/items.ts'
import { inputTexts, toolNames } from './model/request.ts'
import type { ModelRequest, ModelScript } from './model/scripted-model.ts'

/** What the agent does next: a shell command in its sandbox, or the words that end its turn. */
export type ActorStep = { readonly run: string } | { readonly say: string }

/** One request of Codex to the model: everything the model sees. */
export interface Turn {
  /** `performance.now()` when it arrived. */
  readonly at: number
  readonly texts: readonly string[]
}

export interface Actor {
  readonly script: ModelScript
  /** turns[n] is what the agent saw before step n, so turns[n + 1] is what came of step n; grows. */
  readonly turns: readonly Turn[]
}

/** An agent that plays these steps whatever it is told, and then repeats the last one. */
export function actor(steps: readonly ActorStep[]): Actor {
  const turns: Turn[] = []
  return {
    turns,
    script: (request) => {
      const tools = toolNames(request)
      // A side request of Codex (a title, a summary) offers no tools and is no turn of the agent.
      if (tools.length === 0) return [message('A greeting.')]
      const step = steps[Math.min(turns.length, steps.length - 1)]
      turns.push({ at: performance.now(), texts: inputTexts(request) })
      if (!step) return []
      return [actionOf(step, request)]
    },
  }
}

/** In the form this model's tools have: current models call tools from code, older ones directly. */
export function actionOf(step: ActorStep, request: ModelRequest): ModelItem {
  if ('say' in step) return message(step.say)
  return toolNames(request).includes('exec_command') ? execCommand(step.run) : codeModeCommand(step.run)
}

/** The block that came of step `n` (a `say`), as the model reads it; null when Codex let it stop. */
export function blockAfter(turns: readonly Turn[], n: number): string | null {
  const text = turns[n + 1]?.texts.findLast((one) => one.includes('<hook_prompt'))
  return text === undefined ? null : unescapeXml(text)
}

/** What the tool said of step `n` (a `run`); null when there was no answer. */
export function outputAfter(turns: readonly Turn[], n: number): string | null {
  return turns[n + 1]?.texts.findLast((one) => /^\S*_output /.test(one)) ?? null
}

/** How long the agent waited for what came of step `n`, ms; `end` is when Codex ended. */
export function waitAfter(turns: readonly Turn[], n: number, end: number): number | null {
  const from = turns[n]?.at
  return from === undefined ? null : (turns[n + 1]?.at ?? end) - from
}

function unescapeXml(text: string): string {
  const plain: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => plain[name] ?? whole)
}
