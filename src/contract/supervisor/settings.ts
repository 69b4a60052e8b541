import * as z from 'zod/mini'
import { normalGlob } from '../path-rules.ts'
import type { ProjectConfig } from '../types.ts'
import { type SupervisorInput, supervisorSchemas } from './schema.ts'

/** One agent as the approved config names it. */
export type AgentSettings = SupervisorInput['agents'][string]
export type CommandAgent = Extract<AgentSettings, { readonly adapter: 'command' }>
export type Role = 'work' | 'plan' | 'planReview' | 'review'
export type SupervisorLimits = NonNullable<SupervisorInput['limits']>
export type PersonHook = NonNullable<NonNullable<SupervisorInput['on']>['parked']>
export type PersonHooks = Readonly<Partial<Record<keyof NonNullable<SupervisorInput['on']>, PersonHook>>>

/** How a backlog is worked through: every field present. */
export interface SupervisorSettings {
  /** By name, in the order of the config. */
  readonly agents: Readonly<Record<string, AgentSettings>>
  /** Names of agents, the preferred one first. `work` names every agent where the config does not say. */
  readonly roles: Readonly<Record<Role, readonly string[]>>
  /** After so many failed attempts of an item its agent works with this effort; null: never. */
  readonly escalate: { readonly afterFailures: number; readonly effort: string } | null
  /** Items that may be worked on at the same time. */
  readonly jobs: number
  /** Gates that may run at the same time; null: one per two cores. */
  readonly gateJobs: number | null
  /** Branch to land on; null: the one that is checked out when a batch is opened. */
  readonly target: string | null
  /** Globs of paths that only an item whose scope names them to the letter may change, besides those of protected-paths.ts. */
  readonly protect: readonly string[]
  readonly review: { readonly rounds: number }
  /** Absent tokens and minutes: no such limit. */
  readonly limits: SupervisorLimits
  readonly backoff: { readonly baseSeconds: number; readonly maxSeconds: number }
  readonly onQuota: 'wait' | 'exit' | 'next'
  readonly on: PersonHooks
}

/** The settings of a config, defaults filled in. The config was read by `parseWholeConfig` once, so this does not fail. Pure. */
export function supervisorOf(config: Pick<ProjectConfig, 'supervisor'>): SupervisorSettings {
  const schemas = supervisorSchemas()
  const given = z.parse(schemas.whole, config.supervisor ?? {})
  const { work, ...others } = given.roles ?? z.parse(schemas.roles, {})
  return {
    agents: given.agents,
    roles: { work: work ?? Object.keys(given.agents), ...others },
    escalate: given.escalate ?? null,
    jobs: given.jobs,
    gateJobs: given.gateJobs ?? null,
    target: given.target ?? null,
    protect: given.protect.map(normalGlob),
    review: given.review ?? z.parse(schemas.review, {}),
    limits: given.limits ?? z.parse(schemas.limits, {}),
    backoff: given.backoff ?? z.parse(schemas.backoff, {}),
    onQuota: given.onQuota,
    on: given.on ?? {},
  }
}
