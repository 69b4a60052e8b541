import path from 'node:path'
import { isExecutable } from '../../base/file-kind.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { nativeOf } from '../../codex/find-codex.ts'

export interface BinaryPlaces {
  /** As the config of the agent has it. */
  readonly bin: string | undefined
  readonly vars: Readonly<Record<string, string | undefined>>
  /** PATH recorded at approval. */
  readonly gatePath: string
  /** What bootstrap found; null: nothing. */
  readonly recorded: string | null
}

/**
 * The native binary of the Codex that works: what the config names, else CODEX_BIN, else on the approved PATH, else the one that is
 * known. The launcher of npm would stay between us and it, and leave it running when it is killed. Code: codex-missing.
 */
export function findCodexBinary({ bin, vars, gatePath, recorded }: BinaryPlaces): Result<string> {
  const named = bin ?? vars['CODEX_BIN']
  if (named !== undefined && named !== '')
    return path.isAbsolute(named) && isExecutable(named)
      ? ok(nativeOf(named))
      : fail('codex-missing', `${named} is not the absolute path of a program`, {
          fix:
            bin === undefined
              ? 'set CODEX_BIN to the path that `command -v codex` prints, or unset it'
              : 'correct "bin" of the agent, then: autonomous-loop allow',
        })
  const onPath = gatePath
    .split(path.delimiter)
    .filter((dir) => path.isAbsolute(dir))
    .map((dir) => path.join(dir, 'codex'))
    .find(isExecutable)
  const found = onPath === undefined ? recorded : nativeOf(onPath)
  return found === null
    ? fail('codex-missing', 'codex is not on the approved PATH, and bootstrap knows none', {
        fix: 'npm install -g @openai/codex, then: autonomous-loop allow',
      })
    : ok(found)
}
