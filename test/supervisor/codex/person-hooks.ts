import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { readEnv } from '../../../src/base/env.ts'
import { withAppServer } from '../../../src/codex/app-server.ts'
import { listHooks, trustHooks } from '../../../src/codex/trust.ts'
import { type CodexVersion, codexBinary } from '../../rig/binaries.ts'
import type { CodexSite } from './rig.ts'

/** The summary at which the person's own hook wants more, once. */
export const HELD = 'hold me'

/** As a person has it: a Stop hook of their own, and ours beside it, all of them trusted. */
export async function withHooks(site: CodexSite, version: CodexVersion): Promise<void> {
  const hook = site.at('their-hook.sh')
  fs.writeFileSync(
    hook,
    `case "$(cat)" in *'${HELD}'*) printf '%s' '{"decision":"block","reason":"the person wants more"}' ;; *) echo '{}' ;; esac\n`,
  )
  fs.writeFileSync(
    path.join(site.codexHome, 'hooks.json'),
    JSON.stringify({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: `sh '${hook}'`, timeout: 5 }] }] },
    }),
  )
  const codex = codexBinary(version)
  const env = { ...readEnv(), vars: site.env, codexHome: site.codexHome, cwd: site.repo }
  const trusted = await withAppServer(codex, env, async (server) => {
    const listed = await listHooks(server, [site.repo])
    return listed.ok
      ? trustHooks(
          server,
          listed.value.flatMap((one) => one.hooks),
        )
      : listed
  })
  expect(trusted).toMatchObject({ ok: true })
  const PATH = `${path.dirname(codex)}:${site.env['PATH']}`
  const ours = await site.cli(['bootstrap', '--trust'], { PATH })
  expect({ code: ours.code, said: ours.code === 0 ? '' : ours.stdout + ours.stderr }).toEqual({
    code: 0,
    said: '',
  })
}
