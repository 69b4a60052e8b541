import * as z from 'zod/mini'
import { canonicalJson, sha256 } from '../base/hash.ts'
import type { JsonObject } from '../base/json.ts'

const hex = z.string().check(z.regex(/^[0-9a-f]{32}$/))

/** What an agent in the sandbox leaves in the spool. Only obligations and a cry for help; everything else is refused by name. */
export const spooledEnable = z.strictObject({
  v: z.literal(1),
  action: z.literal('enable'),
  requestId: hex,
  sessionId: z.string(),
  root: z.string(),
  objective: z.string().check(z.minLength(1), z.maxLength(20_000)),
  taskTexts: z.array(z.string()).check(z.maxLength(500)),
  gateProfile: z.nullable(z.string()),
  maxStopIterations: z.nullable(z.number()),
  scope: z.exactOptional(z.array(z.string()).check(z.maxLength(500))),
  baseline: z.unknown(),
  /** Random, so that the same words twice are two requests. */
  salt: hex,
})
export const spooledWait = z.strictObject({
  v: z.literal(1),
  action: z.literal('wait'),
  requestId: hex,
  sessionId: z.string(),
  reason: z.string().check(z.maxLength(4_000)),
  token: hex,
})
export type SpooledEnable = z.infer<typeof spooledEnable>
export type SpooledWait = z.infer<typeof spooledWait>

/**
 * The request with its id, which is the digest of all the rest: an id that another agent has read in a transcript or in
 * the spool stands for these words and for no others.
 */
export function sealed<T extends object>(request: T): T & { readonly requestId: string } {
  return { ...request, requestId: digest(request) }
}

/** The id of a request whose words are those that it was sealed with; null for anything else. */
export function sealOf({ requestId, ...rest }: JsonObject): string | null {
  const id = digest(rest)
  return requestId === id ? id : null
}

/** 32 hex digits, which is what ids of runs look like. */
const digest = (rest: object): string => sha256(canonicalJson(rest)).slice(0, 32)
