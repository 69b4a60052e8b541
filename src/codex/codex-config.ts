import { type JsonObject, isObject } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { AppServer } from './app-server.ts'

const PLAN_TOOL = ['tools', 'update_plan', 'enabled'] as const

/** One change of the user's config.toml; `value` null with `replace` takes a key away. */
export interface ConfigEdit {
  readonly keyPath: string
  readonly value: unknown
  readonly mergeStrategy: 'upsert' | 'replace'
}

/**
 * Changes config.toml through Codex itself, which keeps comments, layout and a link in its place. Failures: those of
 * the app server, `codex-overridden` (a managed or project layer wins).
 */
export async function writeConfig(server: AppServer, edits: readonly ConfigEdit[]): Promise<Result<void>> {
  if (edits.length === 0) return ok(undefined)
  const answer = await server.request('config/batchWrite', { edits })
  if (!answer.ok) return answer
  const status = isObject(answer.value) ? answer.value['status'] : undefined
  if (status === 'ok') return ok(undefined)
  return fail(
    'codex-overridden',
    `Codex wrote config.toml, but another layer wins: ${JSON.stringify(answer.value)}`,
  )
}

/** Whether the hooks feature is on. When it is off, hooks/list is empty and says nothing. */
export async function hooksEnabled(server: AppServer): Promise<Result<boolean>> {
  const read = await readConfig(server)
  if (!read.ok) return read
  return ok(valueAt(read.value.config, ['features', 'hooks']) !== false)
}

/** What the config says about the plan tool; null when no layer says anything, which for current models means: none. */
export async function planTool(server: AppServer): Promise<Result<boolean | null>> {
  const read = await readConfig(server)
  if (!read.ok) return read
  // `config` itself leaves this setting out (0.169); the layers have it, the strongest first.
  for (const layer of read.value.layers) {
    const value = valueAt(layer.config, PLAN_TOOL)
    if (typeof value === 'boolean') return ok(value)
  }
  return ok(null)
}

/** Whether Codex trusts the project in this directory (links resolved); null when its config does not say. */
export async function projectTrusted(server: AppServer, root: string): Promise<Result<boolean | null>> {
  const read = await readConfig(server)
  if (!read.ok) return read
  for (const { config } of [...read.value.layers, { config: read.value.config }]) {
    const level = valueAt(config, ['projects', root, 'trust_level'])
    if (typeof level === 'string') return ok(level === 'trusted')
  }
  return ok(null)
}

/** What the user's own config.toml says about the plan tool; undefined when it says nothing. */
export async function ownPlanTool(server: AppServer): Promise<Result<unknown>> {
  const read = await readConfig(server)
  return read.ok ? ok(valueAt(userConfig(read.value), PLAN_TOOL)) : read
}

/** `[tools.update_plan] enabled`. Null takes the setting away again, with tables that are then empty. */
export async function setPlanTool(server: AppServer, enabled: boolean | null): Promise<Result<void>> {
  const path = [...PLAN_TOOL]
  if (enabled !== null)
    return writeConfig(server, [{ keyPath: path.join('.'), value: enabled, mergeStrategy: 'upsert' }])
  const read = await readConfig(server)
  if (!read.ok) return read
  const user = userConfig(read.value)
  if (valueAt(user, path) === undefined) return ok(undefined)
  while (path.length > 1 && Object.keys(object(valueAt(user, path.slice(0, -1)))).length === 1) path.pop()
  return writeConfig(server, [{ keyPath: path.join('.'), value: null, mergeStrategy: 'replace' }])
}

interface ReadConfig {
  /** What is in effect. */
  readonly config: JsonObject
  readonly layers: readonly { readonly type: string; readonly config: JsonObject }[]
}

async function readConfig(server: AppServer): Promise<Result<ReadConfig>> {
  const answer = await server.request('config/read', { includeLayers: true })
  if (!answer.ok) return answer
  const read = object(answer.value)
  const layers = Array.isArray(read['layers']) ? read['layers'] : []
  return ok({
    config: object(read['config']),
    layers: layers.map((layer) => ({
      type: String(valueAt(object(layer), ['name', 'type'])),
      config: object(object(layer)['config']),
    })),
  })
}

function userConfig({ layers }: ReadConfig): JsonObject {
  return layers.find((layer) => layer.type === 'user')?.config ?? {}
}

function valueAt(from: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => object(value)[name], from)
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}
