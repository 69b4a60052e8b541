import path from 'node:path'
import { claudeAccount } from '../../agents/claude/sign-in.ts'
import { geminiAccount } from '../../agents/gemini/account.ts'
import { geminiConfig } from '../../agents/gemini/config.ts'
import { sha256 } from '../../base/hash.ts'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import type { AgentSettings } from '../../contract/supervisor/settings.ts'
import type { Context } from '../../records/context.ts'
import { type Suspension, readSuspension } from '../../records/suspensions.ts'

/** The program and account behind an agent, as a name of a file: what is used up there is so for every batch on this machine. */
export function providerOf(name: string, agent: AgentSettings, { env }: Pick<Context, 'env'>): string {
  switch (agent.adapter) {
    case 'command':
      return `command-${short([name, ...agent.argv])}`
    case 'codex':
      return `codex-${short([codexAccount(env)])}`
    case 'claude':
      return `claude-${short([claudeAccount(env.vars)])}`
    case 'gemini':
      return `gemini-${short([geminiAccount(geminiConfig(env.vars), env.vars)])}`
    default:
      return agent satisfies never
  }
}

/** Suspensions that are known of the agents of a config, by the name of the agent; among them those whose time has come. */
export function suspensionsOf(
  context: Pick<Context, 'env' | 'clock'>,
  agents: Readonly<Record<string, AgentSettings>>,
): ReadonlyMap<string, Suspension> {
  return new Map(
    Object.entries(agents).flatMap(([name, agent]): [string, Suspension][] => {
      const found = readSuspension(context.env.home, providerOf(name, agent, context), context.clock())
      return found === null ? [] : [[name, found]]
    }),
  )
}

/** Whoever pays: a key, the account that is signed in, or at least the directory that would hold one. */
function codexAccount({ vars, codexHome }: Context['env']): string {
  if (vars['CODEX_API_KEY']) return vars['CODEX_API_KEY']
  const read = readTextSafe(path.join(codexHome, 'auth.json'), { maxBytes: 1 << 20 })
  const json = read.ok ? parseJson(read.value, 'auth.json') : read
  if (!json.ok || !isObject(json.value)) return codexHome
  const { tokens, OPENAI_API_KEY: key } = json.value
  const account = isObject(tokens) ? tokens['account_id'] : undefined
  return typeof account === 'string' ? account : typeof key === 'string' ? key : codexHome
}

const short = (parts: readonly string[]): string => sha256(JSON.stringify(parts)).slice(0, 16)
