import os from 'node:os'
import { type Result, ok } from '../../base/result.ts'
import { splitNul } from '../../evidence/git/parse.ts'
import type { EvidenceOptions } from '../../evidence/types.ts'
import { gitPersonRefs } from './git.ts'
import type { Identity, OwnRepository } from './types.ts'

/** As git's configuration names the person. `git config` only reads. Codes: those of git. */
export async function readIdentity(
  own: OwnRepository,
  vars: EvidenceOptions['vars'],
): Promise<Result<Identity>> {
  const asked = await gitPersonRefs(own, {
    args: ['config', '--includes', '-z', '--get-regexp', '^user\\.(name|email)$'],
    accept: [1],
    env: {
      HOME: vars['HOME'] || os.homedir(),
      XDG_CONFIG_HOME: vars['XDG_CONFIG_HOME'],
      GIT_CONFIG_GLOBAL: vars['GIT_CONFIG_GLOBAL'],
      GIT_CONFIG_NOSYSTEM: undefined,
    },
  })
  if (!asked.ok) return asked
  const values = new Map(
    splitNul(asked.value).map((record): [string, string] => {
      const [key = '', ...rest] = record.toString('utf8').split('\n')
      return [key, rest.join('\n')]
    }),
  )
  return ok({
    name: values.get('user.name') || 'Autonomous Loop',
    email: values.get('user.email') || 'autonomous-loop@localhost',
  })
}
