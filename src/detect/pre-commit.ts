import { ok } from '../base/result.ts'
import { TIMEOUT, found } from './found.ts'
import { RepoFiles } from './files.ts'
import type { Detector } from './detection.ts'

/** All hooks of pre-commit. Its environments stay read-only: a person's own commits run them outside the sandbox. */
export const preCommit: Detector = {
  name: 'pre-commit',
  prefix: 'pre-commit',
  detect({ root }) {
    const file = '.pre-commit-config.yaml'
    const text = new RepoFiles(root).text(file)
    if (text === null) return ok(null)
    const ids = [...text.matchAll(/^\s*-?\s*id:\s*["']?([\w.-]+)/gm)].map((match) => match[1] as string)
    const about = { ecosystem: 'pre-commit', tool: null }
    if (ids.length === 0) return ok({ ...about, commands: [], notes: [`${file} names no hook`] })
    const tests = /\b(?:pytest|unittest|jest|vitest|tests?)\b/.test(text)
    const command = found({
      name: 'pre-commit',
      argv: ['pre-commit', 'run', '--all-files'],
      fast: !tests,
      tests: ids.some((id) => /^(?:pytest|unittest|jest|vitest|tests?)\b/.test(id)),
      timeoutSeconds: TIMEOUT.check,
      file,
      evidence: `hooks ${ids.slice(0, 6).join(', ')}${ids.length > 6 ? ', …' : ''}`,
      reason: 'the hooks that commits have to pass',
      does: [['pre-commit']],
    })
    const notes = [
      'the environments of pre-commit have to be there already (pre-commit install-hooks): a gate cannot write them',
    ]
    return ok({ ...about, commands: [command], notes })
  },
}
