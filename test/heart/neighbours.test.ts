import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { readEnv } from '../../src/base/env.ts'
import { withAppServer } from '../../src/codex/app-server.ts'
import { listHooks, trustHooks } from '../../src/codex/trust.ts'
import { equip, greetingProject, inOrder, message, withLab } from '../rig/installed.ts'

const comment = '# the person keeps notes here, and they must stay\n'

test("the user's trusted hooks and config survive bootstrap --trust twice, run beside ours, and come back byte for byte", async () => {
  await withLab(
    {
      repoFiles: greetingProject,
      script: inOrder([message('An answer.')]),
      config: `${comment}[projects."/some/where/else"]\ntrust_level = "trusted" # since spring\n`,
    },
    async (made) => {
      const lab = equip(made)
      const log = path.join(lab.dir, 'hooks.log')
      const theirs = (name: string) => ({ type: 'command', command: `echo ${name} >> '${log}'`, timeout: 5 })
      const original = `{\n   "description": "mine",\n\t"hooks": {"Stop": [ {"hooks": [${JSON.stringify(theirs('theirs-stop'))}]} ],\n "SessionStart" : [{ "matcher": "startup", "hooks":[ ${JSON.stringify(theirs('theirs-start'))} ] }]}\n}\n\n`
      const hooksFile = path.join(lab.codexHome, 'hooks.json')
      const configFile = path.join(lab.codexHome, 'config.toml')
      fs.writeFileSync(hooksFile, original)
      const env = { ...readEnv(), vars: lab.env(), codexHome: lab.codexHome, cwd: lab.repo }
      const trusted = await withAppServer(lab.codexPath, env, async (server) => {
        const listed = await listHooks(server, [lab.repo])
        return listed.ok
          ? trustHooks(
              server,
              listed.value.flatMap((one) => one.hooks),
            )
          : listed
      })
      expect(trusted).toMatchObject({ ok: true })
      const configBefore = fs.readFileSync(configFile, 'utf8')

      await lab.json(['bootstrap', '--trust'])
      const once = fs.readFileSync(hooksFile, 'utf8')
      await lab.json(['bootstrap', '--trust'])
      expect(fs.readFileSync(hooksFile, 'utf8')).toBe(once)
      const config = fs.readFileSync(configFile, 'utf8')
      for (const kept of [comment, '[projects."/some/where/else"]', '# since spring'])
        expect(config).toContain(kept)

      const plain = await lab.codex(['exec', 'hello'])
      expect(plain.stderr).not.toMatch(/need review|untrusted/i)
      expect(fs.readFileSync(log, 'utf8')).toBe('theirs-start\ntheirs-stop\n')
      await lab.json(['install-repo', '--repo', lab.repo])
      await lab.codex(['exec', '$autonomous-loop write the greeting'])
      expect(fs.readFileSync(log, 'utf8').match(/theirs-stop/g)?.length).toBeGreaterThan(2)

      await lab.json(['uninstall', '--force'])
      expect(fs.readFileSync(hooksFile, 'utf8')).toBe(original)
      expect(fs.readFileSync(configFile, 'utf8').trim()).toBe(configBefore.trim())
    },
  )
})
