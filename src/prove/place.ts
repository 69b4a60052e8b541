import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Result, fail, ok } from '../base/result.ts'
import { systemWords } from '../base/system-words.ts'
import { isWithin, realPath } from '../base/within.ts'
import type { Codex } from '../codex/find-codex.ts'

/** The temp directory that holds this file; undefined for none. */
function tempAround(file: string, tmpDir: string): string | undefined {
  return [tmpDir, '/tmp', '/dev/shm'].map(realPath).find((each) => isWithin(realPath(file), each))
}

export function makeDirectory({
  tmpDir,
  codex,
}: {
  readonly tmpDir: string
  readonly codex: Codex
}): Result<string> {
  const below = realPath(os.homedir())
  const temp = tempAround(below, tmpDir)
  if (temp !== undefined)
    return fail('prove-home', `${below} is inside ${temp}, which Codex’s sandbox lets every agent write`, {
      fix: 'run it as a user whose home directory is not a temporary one',
    })
  // Gates refuse to be started by it.
  const around = tempAround(codex.native, tmpDir)
  if (around !== undefined)
    return fail(
      'prove-home',
      `${codex.native} is inside ${around}, which Codex’s sandbox lets every agent write`,
      {
        fix: 'move the clone, or that Codex, out of the temp directory',
      },
    )
  try {
    return ok(fs.mkdtempSync(path.join(below, '.autoloop-prove-')))
  } catch (error) {
    return fail('prove-home', `no directory can be made in ${below}: ${systemWords(error)}`, {
      fix: 'run it in a terminal, outside of Codex, with room on the disk',
    })
  }
}

/** The only model that Codex knows here is ours, on loopback. */
export function configToml(modelUrl: string, repos: readonly string[]): string {
  const trusted = repos.map((repo) => `\n[projects.${JSON.stringify(repo)}]\ntrust_level = "trusted"\n`)
  return `model = "gpt-5.5"
model_provider = "prove"
check_for_update_on_startup = false

[model_providers.prove]
name = "prove"
base_url = ${JSON.stringify(modelUrl)}
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
${trusted.join('')}`
}

/** The person of this world. */
export const person = 'Prove'
export const gitConfig = `[user]
\tname = ${person}
\temail = prove@localhost
[init]
\tdefaultBranch = main
`
