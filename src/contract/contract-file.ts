import * as z from 'zod/mini'
import { isObject } from '../base/json.ts'
import { never } from '../base/result.ts'
import { buildContract } from './build.ts'
import { fileField, fileSchema } from './file/file-schema.ts'
import { parseJsonText } from './file/json-text.ts'
import { type Parsed, type SyntaxProblem, placeOf } from './file/located.ts'
import { meantKeys } from './file/meant-keys.ts'
import { parseMarkdownText } from './file/markdown-text.ts'
import { parseYamlText } from './file/yaml-text.ts'
import { type FieldInfo, bounded, problemsOf, show } from './problem.ts'
import type { Contract, Problem, ProjectConfig } from './types.ts'

/*
 * Contracts that people write. Only the command line loads this: the YAML parser has no business in a hook.
 *
 *   text ─► value with lines (json, yaml, md) ─► shape ─► the same checks as `request enable`
 */

export type ContractFormat = 'json' | 'yaml' | 'md'

/** What the end of a file's name says. */
export const contractEndings: Readonly<Record<string, ContractFormat>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.md': 'md',
}

/** Largest contract file, in bytes; real ones have a few thousand. */
export const MAX_CONTRACT_FILE = 1_000_000

/** What `request enable` takes. */
export interface FileInput {
  readonly objective: string
  readonly taskTexts: readonly string[]
  readonly gateProfile: string | null
  readonly maxStopIterations: number | null
  /** Absent: the file says none. */
  readonly scope?: readonly string[]
}

/** A problem with the 1-based line where it stands. */
export interface FileProblem extends Problem {
  readonly line: number
}

export interface CheckedFile {
  /** In the order of the lines; empty when the file is good. */
  readonly problems: readonly FileProblem[]
  /** What the file asks for; null when something speaks against it. */
  readonly input: FileInput | null
  /** As a run would freeze it; null also without a config, which a contract rests on. */
  readonly contract: Contract | null
}

/** The members that a file may have, and the words for them. */
export interface FileShape {
  readonly schema: () => z.ZodMiniType
  readonly field: (path: readonly PropertyKey[]) => FieldInfo
}

const contractShape: FileShape = { schema: fileSchema, field: fileField }

/** Reads and checks a contract file. `config` null: names of commands and profiles are not judged. Pure; never throws on any text. */
export function checkContractFile(
  text: string,
  format: ContractFormat,
  config: ProjectConfig | null,
): CheckedFile {
  return checkParsed(parseContractText(text, format), format, config, contractShape)
}

/** The same for a file that has members besides those of a contract. */
export function checkParsed(
  parsed: Parsed,
  format: ContractFormat,
  config: ProjectConfig | null,
  members: FileShape,
): CheckedFile {
  if (!parsed.ok) return nothing(syntaxProblems(parsed.problems, format))
  const { value, lineOf } = parsed.located
  const shape = z.safeParse(members.schema(), value)
  const ofShape = (shape.success ? [] : problemsOf(shape.error.issues, value, '', members.field)).filter(
    (one) => !(parsed.membersUnread === true && one.found === 'nothing'),
  )
  const input = inputOf(value)
  const built = buildContract({ contractId: 'file', ...input, tasks: [], config, weaker: 'allow' })
  const known = new Set(ofShape.map((one) => one.path))
  const ofTasks = (built.ok ? [] : built.error)
    .map((one) => ({ ...one, path: placeInFile(one.path) }))
    // Without a config nothing can be said of it, and a field is wrong once.
    .filter((one) => !(config === null && one.path === 'config') && !known.has(one.path))
    // What is no object has no fields to find fault with.
    .filter(() => isObject(value))
  const whole = ofTasks.filter((one) => parsed.notWhole?.includes(one.path) !== true)
  const problems = [
    ...syntaxProblems(parsed.unread ?? [], format),
    ...bounded(meantKeys([...ofShape, ...whole])).map((one) => ({
      ...one,
      line: lineOf(placeOf(one.path)),
    })),
  ].sort((a, b) => a.line - b.line)
  return problems.length > 0
    ? nothing(problems)
    : { problems, input, contract: built.ok ? built.value : null }
}

function syntaxProblems(problems: readonly SyntaxProblem[], format: ContractFormat): FileProblem[] {
  return problems.slice(0, 50).flatMap(({ line, message }) =>
    bounded([{ path: formatName[format], found: message, ...syntaxHint[format] }]).map((one) => ({
      ...one,
      line,
    })),
  )
}

const formatName: Readonly<Record<ContractFormat, string>> = { json: 'JSON', yaml: 'YAML', md: 'Markdown' }

const syntaxHint: Readonly<Record<ContractFormat, { readonly allowed: string; readonly example: string }>> = {
  json: { allowed: 'valid JSON', example: '{"objective": "Add a --json flag", "tasks": []}' },
  yaml: { allowed: 'valid YAML', example: 'objective: Add a --json flag' },
  md: { allowed: 'a heading per task, list items as evidence', example: '- pathChanged: src/**' },
}

function nothing(problems: readonly FileProblem[]): CheckedFile {
  return { problems, input: null, contract: null }
}

/** The value of a contract file, with the line of every part. Pure; never throws on any text. */
export function parseContractText(text: string, format: ContractFormat): Parsed {
  const plain = text.replace(/^\ufeff/, '')
  switch (format) {
    case 'json':
      return parseJsonText(plain)
    case 'yaml':
      return parseYamlText(plain)
    case 'md':
      return parseMarkdownText(plain)
    default:
      return never(format, 'format of a contract')
  }
}

/** As far as the value has the right shape; what has not is reported by the schema. */
function inputOf(value: unknown): FileInput {
  const file = isObject(value) ? value : {}
  const { objective, gateProfile, limits, scope } = file
  const tasks = Array.isArray(file['tasks']) ? (file['tasks'] as unknown[]) : []
  const most = isObject(limits) ? limits['maxStopIterations'] : undefined
  return {
    objective: typeof objective === 'string' ? objective : '',
    // A list in the place of a task would be taken for several, and their numbers would no longer be those of the file.
    taskTexts: tasks.map((task) => JSON.stringify(Array.isArray(task) ? show(task) : (task ?? null))),
    gateProfile: typeof gateProfile === 'string' ? gateProfile : null,
    maxStopIterations: typeof most === 'number' ? most : null,
    ...(isTexts(scope) ? { scope } : {}),
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** Problems name what `request enable` takes; here they name what stands in the file. */
function placeInFile(path: string): string {
  if (path === 'maxStopIterations') return 'limits.maxStopIterations'
  return path.replace(/^--task-json(\[\d+\])/, 'tasks$1')
}
