import { pathProblem } from '../../contract/path-rules.ts'
import { show } from '../../contract/problem.ts'

/** Why a text is no path of a file below the root, in words; null: it is one. Pure. */
export function pathFault(text: string): string | null {
  const problem = pathProblem(text, { ownGit: false })
  if (problem !== null) return `Files: ${show(text)}: allowed is ${problem.allowed}`
  if (text.endsWith('/') || text === '.') return `Files: ${show(text)} is a directory`
  if (/[\u0000-\u001f`]|^\s|\s$/.test(text) || /\s\(/.test(text))
    return `Files: ${show(text)} is no plain path`
  return null
}
