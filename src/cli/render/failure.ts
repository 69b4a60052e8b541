import fs from 'node:fs'
import path from 'node:path'
import type { Failure } from '../../base/result.ts'
import { bundleDirectory } from '../bundle.ts'
import type { CliOutcome } from '../outcome.ts'
import { type Doc, bad, quiet, strong } from './doc.ts'
import { programName } from './help.ts'

/** An expected failure for machines: the field names that scripts know from the original. */
export function failureOutcome(failure: Failure, code: number): CliOutcome {
  return {
    code,
    failed: true,
    data: {
      ok: false,
      error_code: failure.code,
      message: failure.message,
      remediation: failure.fix ?? null,
      docs: entryOf(failure.code),
      ...(failure.data === undefined ? {} : { details: failure.data }),
    },
    text: () => failureDoc(failure),
  }
}

function failureDoc(failure: Failure): Doc {
  const [first = '', ...rest] = failure.message.split('\n')
  return [
    [bad('autonomous-loop: '), first],
    ...rest,
    ...(failure.fix === undefined
      ? []
      : [[onlyLooks(failure.fix) ? '  try: ' : '  fix: ', strong(failure.fix)]]),
    ...(selfEvident.has(failure.code) ? [] : [[quiet(`  more: ${programName} help ${failure.code}`)]]),
  ]
}

/** What shows more and mends nothing. */
function onlyLooks(fix: string): boolean {
  return (
    /^(?:autonomous-loop (?:help|status|doctor|explain|events|audit|check|--help)\b|codex doctor\b|look at )/.test(
      fix,
    ) || /^autonomous-loop (?:amend|.* --(?:help|dry-run))$/.test(fix)
  )
}

/** What a person needs no document for. */
const selfEvident: ReadonlySet<string> = new Set([
  'usage',
  'interrupted',
  'unanswered',
  'no-such-directory',
  'no-help',
])

/** Every code has its entry there; a test keeps the two in step. With the place of the document that came with this program. */
function entryOf(code: string): string {
  const name = 'TROUBLESHOOTING.md'
  const built = bundleDirectory()
  const file = [path.join(built, name), path.join(built, '..', name)].find((one) => fs.existsSync(one))
  return `${file ?? name}#${code}`
}
