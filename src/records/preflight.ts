import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Sha256, sha256 } from '../base/hash.ts'
import { isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { writeFileWhole } from '../base/write-file.ts'
import type { Standing } from '../box/rungs.ts'
import { type Preflight, type Results, preflightOf, probes, readResults } from '../gates/preflight.ts'
import { homePaths } from '../ledger/paths.ts'
import { cliPath } from './cli-place.ts'
import type { Context } from './context.ts'

/*
 * A preflight takes half a second, so a stop makes none: it reads what came of the last one, as long as everything is as it
 * was then. In a directory that no gate may write.
 */
const fileOf = (home: string): string => path.join(homePaths(home).sandboxHome, 'box', 'preflight.json')

/** What a preflight is true of: this kernel, how many user namespaces it makes here, Codex, bwrap, filter, rung and user. */
export function preflightKey({ env }: Pick<Context, 'env'>, codexBin: string, on: Standing): Sha256 {
  const { granted } = on
  const files = [codexBin, ...(granted === null ? [] : [granted.bwrap, granted.filter])].map(
    (file) => [file, identity(file)] as const,
  )
  const namespaces = readTextSafe('/proc/sys/user/max_user_namespaces', { maxBytes: 100 })
  return sha256(
    JSON.stringify([
      probes,
      os.release(),
      os.version(),
      namespaces.ok ? namespaces.value : null,
      on.rung,
      env.uid,
      files,
    ]),
  )
}

function identity(file: string): readonly number[] | null {
  const stat = fs.statSync(file, { throwIfNoEntry: false })
  return stat === undefined ? null : [stat.ino, stat.size, stat.mtimeMs]
}

/** Undefined: none was made on this machine as it is now. */
export function readPreflight(home: string, key: Sha256): Preflight | undefined {
  const text = readTextSafe(fileOf(home), { maxBytes: 100_000 })
  const json = text.ok ? parseJson(text.value, 'preflight') : text
  if (!json.ok || !isObject(json.value) || json.value['key'] !== key) return undefined
  const { results } = json.value
  return isObject(results) ? preflightOf(readResults(results)) : undefined
}

/** Throws on a system error. */
export function savePreflight(home: string, key: Sha256, results: Results): void {
  writeFileWhole(fileOf(home), `${JSON.stringify({ v: 1, key, results }, null, 2)}\n`)
}

/**
 * Has the home's command line make one, which keeps it: the probe needs a program of ours that can be started in the box,
 * and whatever calls this is spared the code of it. Codes: preflight-failed.
 */
export function requestPreflight({ env }: Context, root: string, codexBin: string): Result<true> {
  const file = cliPath(env.home)
  if (!fs.existsSync(file))
    return fail('preflight-failed', `${file} is missing`, { fix: 'autonomous-loop bootstrap' })
  const run = spawnSync(file, ['preflight', '--repo', root, '--codex', codexBin, '--json'], {
    cwd: env.home,
    env: { ...env.vars },
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  if (run.status === 0) return ok(true)
  const why = run.error ? systemWords(run.error) : (run.stdout || run.stderr).trim().slice(-500)
  return fail('preflight-failed', `what the box holds could not be tried: ${why}`)
}
