import fs from 'node:fs'
import path from 'node:path'
import { type JsonObject, isObject, parseJson } from '../../base/json.ts'
import { namesIn } from '../../base/names-in.ts'
import { readTextSafe } from '../../base/read-file.ts'
import type { TurnBase } from '../agent.ts'
import { tempDirectory } from '../places.ts'

/** What Gemini wrote down about a request that failed: its stream says it in prose only, and its exit code is the status. */
export interface ErrorReport {
  /** The class of the error, such as `TerminalQuotaError`. */
  readonly name: string
  /** Reasons in the body of the service's answer, such as `API_KEY_INVALID`. */
  readonly reasons: readonly string[]
}

const isReport = (name: string): boolean => name.startsWith('gemini-client-error-') && name.endsWith('.json')
const reportsOf = (turn: TurnBase): readonly string[] =>
  namesIn(tempDirectory(turn))
    .filter(isReport)
    .map((name) => path.join(tempDirectory(turn), name))

/** Those of turns before. */
export function removeReports(turn: TurnBase): void {
  for (const file of reportsOf(turn)) fs.rmSync(file, { recursive: true, force: true })
}

/** The last one; null: there is none. */
export function errorReport(turn: TurnBase): ErrorReport | null {
  const files = reportsOf(turn).toSorted((a, b) => timeIn(a).localeCompare(timeIn(b)))
  const text = readTextSafe(files.at(-1) ?? '', { maxBytes: 64 << 20 })
  const json = text.ok ? parseJson(text.value, 'report') : text
  const error = json.ok && isObject(json.value) ? json.value['error'] : null
  if (!isObject(error)) return null
  const [, name = ''] = /^(\w+)/.exec(textOf(error['stack'])) ?? []
  return { name, reasons: reasonsIn(textOf(error['message'])) }
}

const timeIn = (file: string): string => /\d{4}-\d\d-\d\dT.*$/.exec(file)?.[0] ?? ''
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function reasonsIn(body: string): readonly string[] {
  const json = parseJson(body, 'body')
  const error = json.ok && isObject(json.value) ? json.value['error'] : null
  const details: unknown = isObject(error) ? error['details'] : null
  return (Array.isArray(details) ? details : [])
    .filter((one): one is JsonObject => isObject(one))
    .flatMap(({ reason }) => (typeof reason === 'string' ? [reason] : []))
}
