import fs from 'node:fs'
import path from 'node:path'
import { isObject } from '../base/json.ts'
import { type Result, fail, ok } from '../base/result.ts'
import type { AppServer } from './app-server.ts'
import { writeConfig } from './codex-config.ts'

/** One hook as Codex sees it. */
export interface ListedHook {
  /** `<hooks.json>:<event>:<group>:<handler>`. */
  readonly key: string
  /** As in hooks.json: `Stop`, `SessionStart`, … */
  readonly event: string
  readonly command: string | null
  readonly sourcePath: string
  /** Codex's word for where it comes from: `user`, `project`, `plugin`, `system`, …; empty when it says nothing. */
  readonly source: string
  /** `<name>@<marketplace>` of the plugin that brought it; null for all others. */
  readonly plugin: string | null
  readonly enabled: boolean
  readonly managed: boolean
  readonly currentHash: string
  /** `trusted`, `untrusted`, `modified`, `managed`, or what a later Codex says. */
  readonly trustStatus: string
}

export interface HookListing {
  readonly cwd: string
  readonly hooks: readonly ListedHook[]
  /** What Codex complains about: files it could not parse, matchers it dropped. */
  readonly warnings: readonly string[]
}

export type TrustState = 'missing' | 'untrusted' | 'modified' | 'disabled' | 'trusted' | 'managed'

/** One of our hooks and whether Codex will run it. */
export interface HookTrust {
  readonly event: string
  readonly command: string
  readonly state: TrustState
  /** Null when missing. */
  readonly hook: ListedHook | null
}

/** Codex's own word on hooks, per directory. Failures: those of the app server, `codex-answer` (not understood). */
export async function listHooks(server: AppServer, cwds: readonly string[]): Promise<Result<HookListing[]>> {
  const answer = await server.request('hooks/list', { cwds })
  if (!answer.ok) return answer
  const data = isObject(answer.value) ? answer.value['data'] : undefined
  if (!Array.isArray(data)) return fail('codex-answer', 'hooks/list answered without data')
  return ok(
    data.filter(isObject).map((entry) => ({
      cwd: text(entry['cwd']),
      hooks: list(entry['hooks']).flatMap(listedHook),
      warnings: [...list(entry['errors']), ...list(entry['warnings'])].map((each) =>
        typeof each === 'string'
          ? each
          : isObject(each) && typeof each['message'] === 'string'
            ? each['message']
            : JSON.stringify(each),
      ),
    })),
  )
}

/**
 * What Codex will do with each of our hooks. Ours are those in `hooksFile` (links resolved) or managed ones, with
 * exactly our command: the same command elsewhere is somebody else's, and never trusted by us.
 */
export function hookTrust(
  listing: HookListing,
  hooksFile: string,
  wanted: readonly { readonly event: string; readonly command: string }[],
): HookTrust[] {
  const ourFile = realpath(hooksFile)
  return wanted.map(({ event, command }) => {
    const candidates = listing.hooks.filter(
      (hook) =>
        hook.event === event &&
        hook.command === command &&
        (hook.managed || realpath(hook.sourcePath) === ourFile),
    )
    // Trusted twice is trusted: one that runs outweighs a copy that does not.
    const hook = candidates.find(runs) ?? candidates[0] ?? null
    return { event, command, state: hook ? stateOf(hook) : 'missing', hook }
  })
}

/** Whether Codex runs this hook. */
export function runs(hook: ListedHook): boolean {
  return ['trusted', 'managed'].includes(stateOf(hook))
}

/**
 * Writes Codex's own trust for exactly these hooks, as a person would in its review screen; comments and layout of
 * config.toml stay. Nothing is enabled that a person disabled. Look again with listHooks afterwards.
 */
export function trustHooks(server: AppServer, hooks: readonly ListedHook[]): Promise<Result<void>> {
  return writeConfig(
    server,
    hooks.map((hook) => ({
      keyPath: `hooks.state.${JSON.stringify(hook.key)}.trusted_hash`,
      value: hook.currentHash,
      mergeStrategy: 'upsert',
    })),
  )
}

/** The same as lines of config.toml, for a person to whom Codex cannot write it. */
export function trustLines(hooks: readonly ListedHook[]): string[] {
  return hooks.flatMap((hook) => [
    `[hooks.state.${JSON.stringify(hook.key)}]`,
    `trusted_hash = ${JSON.stringify(hook.currentHash)}`,
  ])
}

/** Takes back the trust that was written for these keys. */
export function forgetTrust(server: AppServer, keys: readonly string[]): Promise<Result<void>> {
  return writeConfig(
    server,
    keys.map((key) => ({
      keyPath: `hooks.state.${JSON.stringify(key)}`,
      value: null,
      mergeStrategy: 'replace',
    })),
  )
}

/** What Codex does with a hook that is there. */
export function stateOf(hook: ListedHook): Exclude<TrustState, 'missing'> {
  if (hook.managed || hook.trustStatus === 'managed') return 'managed'
  if (hook.trustStatus === 'modified') return 'modified'
  if (hook.trustStatus !== 'trusted') return 'untrusted'
  return hook.enabled ? 'trusted' : 'disabled'
}

function listedHook(value: unknown): ListedHook[] {
  if (!isObject(value) || typeof value['key'] !== 'string') return []
  const event = text(value['eventName'])
  return [
    {
      key: value['key'],
      event: event.slice(0, 1).toUpperCase() + event.slice(1),
      command: typeof value['command'] === 'string' ? value['command'] : null,
      sourcePath: text(value['sourcePath']),
      source: text(value['source']),
      plugin: typeof value['pluginId'] === 'string' ? value['pluginId'] : null,
      enabled: value['enabled'] !== false,
      managed: value['isManaged'] === true,
      currentHash: text(value['currentHash']),
      trustStatus: text(value['trustStatus']),
    },
  ]
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function realpath(file: string): string {
  try {
    return fs.realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}
