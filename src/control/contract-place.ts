import fs from 'node:fs'
import path from 'node:path'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { type ContractFormat, MAX_CONTRACT_FILE, contractEndings } from '../contract/contract-file.ts'

export interface ContractText {
  /** Absolute. */
  readonly file: string
  readonly format: ContractFormat
  readonly text: string
}

/**
 * The contract file somebody named: a path as seen from `cwd`, or the name of one in the repository's
 * `.codex/contracts/`, with or without its ending. Codes: contract-missing, contract-ambiguous, contract-unknown-format, contract-unreadable.
 */
export function readContract(named: string, cwd: string, root: string): Result<ContractText> {
  const isName = !named.includes('/') && (path.extname(named) === '' || isCommitted(named, cwd, root))
  const file = isName ? committed(named, root) : ok(path.resolve(cwd, named))
  if (!file.ok) return file
  const format = contractEndings[path.extname(file.value).toLowerCase()]
  if (!format)
    return fail(
      'contract-unknown-format',
      `${file.value} ends in none of ${Object.keys(contractEndings).join(', ')}`,
    )
  const text = readTextSafe(file.value, { maxBytes: MAX_CONTRACT_FILE, follow: !isName })
  if (text.ok) return ok({ file: file.value, format, text: text.value })
  return text.error.code === 'missing'
    ? fail('contract-missing', `there is no ${file.value}`, { fix: choices(root) })
    : fail('contract-unreadable', text.error.message)
}

/** A name with its ending, where no file of that name lies in the directory itself. */
function isCommitted(named: string, cwd: string, root: string): boolean {
  return !fs.existsSync(path.resolve(cwd, named)) && filesIn(root).includes(named)
}

/** Names of the committed contracts of a repository, sorted. */
export function contractNames(root: string): readonly string[] {
  return [...new Set(filesIn(root).map((name) => path.parse(name).name))].sort()
}

function committed(name: string, root: string): Result<string> {
  const all = filesIn(root)
  const found = all.includes(name) ? [name] : all.filter((file) => path.parse(file).name === name)
  const dir = path.join(root, '.codex', 'contracts')
  if (found.length > 1)
    return fail('contract-ambiguous', `${dir} has ${found.join(' and ')}`, {
      fix: `name one with its ending: ${found.join(' or ')}`,
    })
  return found[0] === undefined
    ? fail('contract-missing', `${dir} has no contract called ${name}`, { fix: choices(root) })
    : ok(path.join(dir, found[0]))
}

function choices(root: string): string {
  const names = contractNames(root)
  return names.length > 0
    ? `name one of ${names.join(', ')}`
    : 'write .codex/contracts/<name>.yaml, or name a file that ends in .yaml, .json or .md'
}

function filesIn(root: string): readonly string[] {
  try {
    return fs
      .readdirSync(path.join(root, '.codex', 'contracts'))
      .filter((name) => path.extname(name).toLowerCase() in contractEndings)
      .sort()
  } catch {
    return []
  }
}
