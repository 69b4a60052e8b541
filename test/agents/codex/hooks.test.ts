import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { readEnv } from '../../../src/base/env.ts'
import { withAppServer } from '../../../src/codex/app-server.ts'
import { listHooks, trustHooks } from '../../../src/codex/trust.ts'
import { codexBinary, codexVersions, currentCodex } from '../../rig/binaries.ts'
import { inOrder, message } from '../../rig/codex.ts'
import { long } from '../../rig/long.ts'
import { projectRoot } from '../../rig/root.ts'
import { gatePath, watch } from '../rig.ts'
import { type CodexLab, makeCodexLab } from './rig.ts'

let lab: CodexLab | undefined
afterEach(async () => lab?.close())

const ORDER = 'autonomous-loop disable\n'

test.each(long ? codexVersions : [currentCodex])(
  'Codex %s: our own hooks are silent whatever the prompt says, and the person’s own run',
  async (version) => {
    lab = await makeCodexLab(inOrder([message('{"status":"complete","summary":"","proposal":null}')]), {
      version,
    })
    const { dir, codexHome, workspace, home } = lab
    const stops = path.join(lab.scratch, 'tmp/stops')
    // Codex starts it without any sandbox of its own, so that only the box is around it.
    const closed = [path.join(home, 'f'), path.join(codexHome, 'config.toml'), path.join(lab.person, 'f')]
    const writes = [...closed, lab.at('data/repo.git/f')]
      .map((file) => `(echo >> '${file}') 2>/dev/null;`)
      .join(' ')
    fs.writeFileSync(
      path.join(codexHome, 'hooks.json'),
      JSON.stringify({
        hooks: { Stop: [{ hooks: [{ type: 'command', command: `${writes} cat >> '${stops}'; echo {}` }] }] },
      }),
    )
    const vars = {
      HOME: lab.at('vars-home'),
      CODEX_HOME: codexHome,
      PATH: gatePath,
      AUTOLOOP_CODEX: codexBinary(version),
    }
    execFileSync(
      process.execPath,
      [path.join(projectRoot, 'bin/autonomous-loop.js'), 'bootstrap', '--trust'],
      {
        cwd: workspace,
        env: vars,
        stdio: 'pipe',
      },
    )
    const env = { ...readEnv(), home, codexHome, cwd: dir, vars }
    const trusted = await withAppServer(codexBinary(version), env, async (server) => {
      const listed = await listHooks(server, [workspace])
      return listed.ok ? trustHooks(server, listed.value[0]?.hooks ?? []) : listed
    })
    expect(trusted).toMatchObject({ ok: true })
    const settings = (): string[] =>
      ['config.toml', 'hooks.json'].map((name) => fs.readFileSync(path.join(codexHome, name), 'utf8'))
    const before = settings()
    const runs = (): string[] =>
      fs.existsSync(path.join(home, 'sessions')) ? fs.readdirSync(path.join(home, 'sessions')) : []
    lab.say(ORDER)
    const run = watch(lab.codex(), lab.turn)
    expect(await run.outcome).toMatchObject({ kind: 'finished' })
    expect(fs.readFileSync(stops, 'utf8')).toContain('"hook_event_name":"Stop"')
    expect(runs()).toEqual([])
    expect(lab.model.requests).toHaveLength(1)
    expect(settings()).toEqual(before)
    for (const one of [home, lab.person, lab.at('data/repo.git')])
      expect(fs.existsSync(path.join(one, 'f'))).toBe(false)
    // Where nobody supervises, the same prompt never reaches the model.
    const codex = spawn(codexBinary(version), ['exec', '-s', 'workspace-write', ORDER], {
      cwd: workspace,
      env: vars,
      stdio: 'ignore',
    })
    await once(codex, 'close')
    expect(lab.model.requests).toHaveLength(1)
  },
  120_000,
)
