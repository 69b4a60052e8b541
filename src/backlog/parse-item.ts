import * as z from 'zod/mini'
import { type Sha256, sha256 } from '../base/hash.ts'
import { isObject } from '../base/json.ts'
import { type Result, err, ok } from '../base/result.ts'
import { oneLine, withoutControls } from '../base/text.ts'
import {
  type ContractFormat,
  type FileProblem,
  checkParsed,
  contractEndings,
  parseContractText,
} from '../contract/contract-file.ts'
import type { Parsed, Place } from '../contract/file/located.ts'
import { where } from '../contract/problem.ts'
import { normalScope } from '../contract/scope.ts'
import type { ProjectConfig } from '../contract/types.ts'
import { type BacklogProblem, type BacklogText, type Item, backlogDirectory } from './item.ts'
import { itemId, readItemName } from './item-id.ts'
import { itemSchema, itemShape } from './item-schema.ts'

/** Longest title, in UTF-16 units. */
const TITLE_LENGTH = 200

/** Of its place and its bytes: the same text under another number is another item. */
export function itemDigest({ name, text }: BacklogText): Sha256 {
  return sha256(`${fileOf(name)}\0${text}`)
}

/** Where an item of this name lies, relative to the root. */
export function fileOf(name: string): string {
  return `${backlogDirectory}/${name}`
}

/**
 * One item from its text, which may be a frozen copy. Pure; never throws on any text. Errors: every problem of the file, in the
 * order of its lines.
 */
export function parseItem(
  name: string,
  text: string,
  config: ProjectConfig,
): Result<Item, readonly BacklogProblem[]> {
  const file = fileOf(name)
  const refuse = (problems: readonly FileProblem[]) => err(problems.map((one) => ({ ...one, file })))
  const named = readItemName(name)
  if (named === null) return refuse([nameProblem(name)])
  const format = contractEndings[named.ending] ?? 'md'
  const parsed = parseContractText(text, format)
  const checked = checkParsed(parsed, format, config, itemShape)
  if (!parsed.ok || checked.input === null || checked.contract === null) return refuse(checked.problems)
  const {
    after,
    scope,
    limits,
    agent = null,
    review = null,
    ...own
  } = z.parse(itemSchema(), parsed.located.value)
  const { objective } = checked.input
  return ok({
    id: named.id,
    slug: named.slug,
    file,
    text,
    digest: itemDigest({ name, text }),
    title: oneLine(withoutControls(objective.trim().split('\n', 1)[0] ?? ''), TITLE_LENGTH),
    after: [...new Set(after.map(itemId))],
    scope: normalScope(scope),
    priority: own.priority,
    exclusive: [...new Set(own.exclusive)],
    mends: [...new Set(own.mends)],
    agent,
    review,
    limits,
    allowVacuous: own.allowVacuous,
    input: checked.input,
    contract: checked.contract,
    prompt: promptOf(text, format, objective),
    lines: linesOf(parsed),
  })
}

/** A file whose name says no number would otherwise be left out without a word. */
export function nameProblem(name: string): FileProblem {
  return {
    path: 'name',
    found: JSON.stringify(name),
    allowed: 'three digits, a hyphen, a slug of small letters, and .md, .yaml, .yml or .json',
    example: '001-add-a-cart.md',
    line: 1,
  }
}

/** Prose below a task is no part of the objective, and the agent reads it all the same. */
function promptOf(text: string, format: ContractFormat, objective: string): string {
  const plain = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')
  return format === 'md' ? plain.replace(/^---[ \t]*\n[^]*?\n---[ \t]*(?:\n|$)/, '').trim() : objective.trim()
}

function linesOf(parsed: Parsed & { readonly ok: true }): Readonly<Record<string, number>> {
  const { value, lineOf } = parsed.located
  const lines: Record<string, number> = {}
  const note = (place: Place, inner: unknown): void => {
    if (place.length > 0) lines[where('', place)] = lineOf(place)
    if (place.length > 3) return
    if (Array.isArray(inner)) inner.forEach((one, index) => note([...place, index], one))
    else if (isObject(inner)) for (const [key, one] of Object.entries(inner)) note([...place, key], one)
  }
  note([], value)
  return lines
}
