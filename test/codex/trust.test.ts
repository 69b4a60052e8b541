import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { Env } from '../../src/base/env.ts'
import { type Result, ok } from '../../src/base/result.ts'
import { type AppServer, withAppServer } from '../../src/codex/app-server.ts'
import { hooksEnabled, planTool, setPlanTool } from '../../src/codex/codex-config.ts'
import { mergeHooks } from '../../src/codex/hooks-file/json.ts'
import { forgetTrust, hookTrust, listHooks, runs, trustHooks } from '../../src/codex/trust.ts'
import { type Lab, inOrder, message, toolNames, withLab } from '../rig/codex.ts'
import { long, sampleOf } from '../rig/long.ts'

function envOf(lab: Lab): Env {
  return {
    vars: lab.env(),
    cwd: lab.repo,
    codexHome: lab.codexHome,
    home: path.join(lab.codexHome, 'autoloop'),
    tmpDir: '/tmp',
    uid: process.getuid?.() ?? 0,
  }
}
const script = inOrder([message('Done.')])

async function withServer<T>(lab: Lab, use: (server: AppServer) => Promise<Result<T>>): Promise<T> {
  const result = await withAppServer(lab.codexPath, envOf(lab), use)
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
  return result.value
}
const must = async <T>(result: Promise<Result<T>>): Promise<T> => {
  const value = await result
  if (!value.ok) throw new Error(`${value.error.code}: ${value.error.message}`)
  return value.value
}

describe('trust, by the word of the real codex', () => {
  test('ours are trusted, and nobody else; the hooks then run', async () => {
    await withLab({ script, config: '# a comment of mine\n[tools] # and another\n' }, async (lab) => {
      const log = path.join(lab.dir, 'ran')
      const say = (word: string) => `cat > /dev/null; echo ${word} >> ${log}`
      const mine = { hooks: { Stop: [{ hooks: [{ type: 'command', command: say('mine') }] }] } }
      const groups = [
        { event: 'Stop', command: say('ours'), timeout: 30 },
        { event: 'SessionStart', command: say('ours-start'), timeout: 30 },
      ]
      const wanted = [...groups, { event: 'PostToolUse', command: say('never') }]
      const hooksFile = path.join(lab.codexHome, 'hooks.json')
      const merged = mergeHooks(JSON.stringify(mine), groups, null)
      fs.writeFileSync(hooksFile, merged.ok ? merged.value.text : '')
      const config = path.join(lab.codexHome, 'config.toml')
      const before = fs.readFileSync(config, 'utf8')

      await withServer(lab, async (server) => {
        const look = async () => {
          const [listing] = await must(listHooks(server, [lab.repo]))
          if (!listing) throw new Error('nothing listed')
          return { listing, ours: hookTrust(listing, hooksFile, wanted) }
        }
        const first = await look()
        expect(first.listing).toMatchObject({ cwd: lab.repo, warnings: [] })
        expect(first.ours.map((hook) => hook.state)).toEqual(['untrusted', 'untrusted', 'missing'])
        expect(first.ours[0]?.hook?.key).toBe(`${hooksFile}:stop:1:0`)

        await must(
          trustHooks(
            server,
            first.ours.flatMap(({ hook }) => hook ?? []),
          ),
        )
        const second = await look()
        expect(second.ours.map((hook) => hook.state)).toEqual(['trusted', 'trusted', 'missing'])
        expect(second.listing.hooks.filter(runs).map((hook) => hook.command)).not.toContain(say('mine'))
        const text = fs.readFileSync(config, 'utf8')
        expect(text.startsWith(before.trimEnd())).toBe(true)
        return ok(undefined)
      })

      expect((await lab.codex(['exec', 'go'])).code).toBe(0)
      expect(fs.readFileSync(log, 'utf8')).toBe('ours-start\nours\n')

      await withServer(lab, async (server) => {
        const keys = ['stop:1:0', 'session_start:0:0'].map((place) => `${hooksFile}:${place}`)
        await must(forgetTrust(server, keys))
        expect(fs.readFileSync(config, 'utf8')).toBe(before)
        // Nothing to do is no call.
        await must(forgetTrust(server, []))
        return ok(undefined)
      })
    })
  })

  if (long)
    test('a changed hook is modified, a disabled one disabled, one elsewhere missing', async () => {
      const command = 'cat > /dev/null'
      const hooks = (timeout: number) =>
        JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command, timeout }] }] } })
      await withLab({ script, hooks: hooks(5) }, async (lab) => {
        const hooksFile = path.join(lab.codexHome, 'hooks.json')
        const wanted = [{ event: 'Stop', command }]
        const state = (file = hooksFile) =>
          withServer(lab, async (server) => {
            const [listing] = await must(listHooks(server, [lab.repo]))
            return ok(listing ? hookTrust(listing, file, wanted).map((hook) => hook.state) : [])
          })
        await withServer(lab, async (server) => {
          const [listing] = await must(listHooks(server, [lab.repo]))
          return trustHooks(server, listing?.hooks ?? [])
        })
        expect(await state()).toEqual(['trusted'])
        expect(await state(path.join(lab.repo, 'hooks.json'))).toEqual(['missing'])
        const link = path.join(lab.dir, 'link')
        fs.symlinkSync(lab.codexHome, link)
        expect(await state(path.join(link, 'hooks.json'))).toEqual(['trusted'])

        fs.appendFileSync(path.join(lab.codexHome, 'config.toml'), 'enabled = false\n')
        expect(await state()).toEqual(['disabled'])
        fs.writeFileSync(hooksFile, hooks(6))
        expect(await state()).toEqual(['modified'])
      })
    })

  const warned: readonly (readonly [string, string, RegExp])[] = [
    ['an unknown key', '{"_x":1}', /unknown field `_x`/],
    ['a comment', '{"hooks":{}} // mine', /failed to parse/],
    [
      'a bad matcher',
      '{"hooks":{"PreToolUse":[{"matcher":"(","hooks":[{"type":"command","command":"x"}]}]}}',
      /invalid matcher/,
    ],
  ]
  test.each(sampleOf(warned, 3))('%s in hooks.json is a warning', async (_name, hooks, words) => {
    await withLab({ script, hooks }, async (lab) => {
      const listings = await withServer(lab, (server) => listHooks(server, [lab.repo]))
      expect(listings.flatMap((listing) => listing.warnings).join()).toMatch(words)
    })
  })

  test('the hooks feature can be off', async () => {
    await withLab({ script }, async (lab) => {
      expect(await withServer(lab, hooksEnabled)).toBe(true)
      const config = path.join(lab.codexHome, 'config.toml')
      fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace('hooks = true', 'hooks = false'))
      expect(await withServer(lab, hooksEnabled)).toBe(false)
    })
  })
})

test.each(sampleOf([['# nothing'], ['[tools]\nview_image = true # mine']], 2, 1))(
  'the plan tool is switched on and back (%j)',
  async (toml) => {
    await withLab({ script, config: toml }, async (lab) => {
      const config = path.join(lab.codexHome, 'config.toml')
      const before = fs.readFileSync(config, 'utf8')
      expect(await withServer(lab, planTool)).toBe(null)
      await withServer(lab, (server) => setPlanTool(server, true))
      expect(await withServer(lab, planTool)).toBe(true)
      await lab.codex(['exec', 'go'])
      expect(lab.requests.map(toolNames)).toEqual([expect.arrayContaining(['update_plan'])])
      await withServer(lab, (server) => setPlanTool(server, null))
      await withServer(lab, (server) => setPlanTool(server, null))
      expect(await withServer(lab, planTool)).toBe(null)
      expect(fs.readFileSync(config, 'utf8').trim()).toBe(before.trim())
    })
  },
)

describe('what can go wrong with the app server', () => {
  test('Codex does not know a call', async () => {
    await withLab({ script }, async (lab) => {
      const result = await withAppServer(lab.codexPath, envOf(lab), (server) =>
        server.request('hooks/none', {}),
      )
      expect(result).toMatchObject({
        ok: false,
        error: { code: 'codex-refused', message: 'this Codex does not know hooks/none' },
      })
    })
  })

  test('Codex refuses', async () => {
    await withLab({ script }, async (lab) => {
      const result = await withAppServer(lab.codexPath, envOf(lab), (server) =>
        server.request('config/batchWrite', { edits: [], expectedVersion: 'sha256:00' }),
      )
      expect(result).toMatchObject({ ok: false, error: { code: 'codex-refused' } })
    })
  })

  test.each([
    ['is missing', null, 'codex-missing', /does not exist/],
    ['dies', '#!/bin/sh\necho no such option >&2; exit 4\n', 'codex-app-server', /code 4\nno such option/],
    ['ends in silence', '#!/bin/sh\nexit 0\n', 'codex-app-server', /code 0/],
    ['says nonsense', '#!/bin/sh\necho hello; echo "[]"; echo null; exit 1\n', 'codex-app-server', /code 1/],
    ['cannot be started', 'x', 'codex-app-server', /could not be started|code/],
  ])('codex %s', async (_name, text, code, words) => {
    await withLab({ script }, async (lab) => {
      const file = path.join(lab.dir, 'codex')
      if (text !== null) fs.writeFileSync(file, text, { mode: text === 'x' ? 0o644 : 0o755 })
      const result = await withAppServer(file, envOf(lab), (server) => listHooks(server, [lab.repo]))
      expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringMatching(words) } })
    })
  })

  test('the server is ended, also when the caller throws', async () => {
    await withLab({ script }, async (lab) => {
      const pidFile = path.join(lab.dir, 'pid')
      const file = path.join(lab.dir, 'codex')
      fs.writeFileSync(file, `#!/bin/sh\necho $$ > ${pidFile}\nexec ${lab.codexPath} "$@"\n`, { mode: 0o755 })
      await expect(
        withAppServer(file, envOf(lab), () => {
          throw new Error('bug')
        }),
      ).rejects.toThrow('bug')
      const pid = Number(fs.readFileSync(pidFile, 'utf8'))
      expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    })
  })
})
