import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { readMachine } from '../../src/records/machine.ts'
import { writeMarker } from '../../src/ledger/markers.ts'
import { sessionPaths } from '../../src/ledger/paths.ts'
import { findAssets } from '../../src/setup/assets.ts'
import { hookCommand, shimPath } from '../../src/setup/shim.ts'
import { uninstall } from '../../src/setup/uninstall.ts'
import { type Place, boot, exits, good, snapshot, withPlace } from './rig.ts'
import { long, sampleOf } from '../rig/long.ts'

const userHooks = `{
  "description": "mine",
  "hooks": {"Stop": [ {"hooks": [{"type":"command","command":"true"}]} ],
\t"SessionStart":[{"matcher":"startup","hooks":[{"type":"command","command":"true","timeout":5}]}]
  }
}`
const hooksFile = (place: Place) => path.join(place.codexHome, 'hooks.json')
const take = { force: false, purge: false, dryRun: false }

describe('bootstrap', () => {
  test('sets everything up, has it trusted by Codex itself, and a second time changes nothing', async () => {
    await withPlace(async (place) => {
      fs.writeFileSync(hooksFile(place), userHooks)
      const first = good(await boot(place, { trust: true }))
      expect(first).toMatchObject({
        ok: true,
        enforced: 'trusted',
        home: place.home,
        codex_home: place.codexHome,
      })
      expect(first.hooks.map(({ event, trust }) => [event, trust])).toEqual([
        ['Stop', 'trusted'],
        ['SessionStart', 'trusted'],
        ['UserPromptSubmit', 'trusted'],
        ['PostToolUse', 'trusted'],
        ['SubagentStart', 'trusted'],
        ['SubagentStop', 'trusted'],
      ])
      expect(first.hooks[0]?.key).toBe(`${fs.realpathSync(hooksFile(place))}:stop:1:0`)
      expect(first.hooks[0]?.command).toBe(hookCommand(place.home, 'Stop'))
      expect(first.files.every(({ action }) => action === 'create' || action === 'update')).toBe(true)
      const before = snapshot(place.dir)

      const second = good(await boot(place, { trust: true }))
      expect(second.files.map(({ action }) => action)).toEqual(second.files.map(() => 'same'))
      expect(second.enforced).toBe('trusted')
      const after = snapshot(place.dir)
      expect(changed(before, after).filter((file) => !file.endsWith('machine.json'))).toEqual([])
    })
  })

  if (long)
    test('without trust it says so, and how to go on', async () => {
      await withPlace(async (place) => {
        const answer = good(await boot(place))
        expect(answer).toMatchObject({ ok: true, enforced: 'unproven' })
        expect(answer.hooks.map(({ trust }) => trust)).toEqual(Array(6).fill('untrusted'))
        expect(answer.next).toContain('autonomous-loop bootstrap --trust')
        expect(readMachine(place.home)).toMatchObject({
          ok: true,
          value: {
            stopTimeoutSeconds: 3600,
            hooks: [{ event: 'Stop', trust: 'untrusted' }, {}, {}, {}, {}, {}],
          },
        })
      })
    })

  test('trusts only ours, and keeps the comments of config.toml', async () => {
    await withPlace(async (place) => {
      fs.writeFileSync(hooksFile(place), userHooks)
      const config = path.join(place.codexHome, 'config.toml')
      fs.appendFileSync(config, '\n# mine, keep it\n')
      await boot(place, { trust: true })
      const text = fs.readFileSync(config, 'utf8')
      expect(text).toContain('# mine, keep it')
      expect(text.match(/trusted_hash/g)).toHaveLength(6)
      expect(text).not.toContain('hooks.json:stop:0:0')
    })
  })

  if (long)
    test('asks with exactly the hooks that would be trusted', async () => {
      await withPlace(async (place) => {
        const asked: string[][] = []
        const mayTrust = (hooks: readonly { command: string }[]) => {
          asked.push(hooks.map(({ command }) => command))
          return Promise.resolve(false)
        }
        expect(good(await boot(place, { mayTrust })).enforced).toBe('unproven')
        expect(asked).toEqual([
          (
            [
              'Stop',
              'SessionStart',
              'UserPromptSubmit',
              'PostToolUse',
              'SubagentStart',
              'SubagentStop',
            ] as const
          ).map((event) => hookCommand(place.home, event)),
        ])
      })
    })

  test('--dry-run writes nothing and says what would be', async () => {
    await withPlace(async (place) => {
      fs.writeFileSync(hooksFile(place), userHooks)
      const before = snapshot(place.dir)
      const answer = good(await boot(place, { trust: true, dryRun: true }))
      expect(answer).toMatchObject({ ok: true, dry_run: true, enforced: 'unproven' })
      expect(answer.files).toContainEqual({ path: shimPath(place.home), action: 'create' })
      expect(answer.files).toContainEqual({ path: hooksFile(place), action: 'update' })
      expect(snapshot(place.dir)).toEqual(before)
    })
  })

  if (long)
    test('the copies in the home run without the package', async () => {
      await withPlace(async (place) => {
        await boot(place)
        const version = good(place.assets).version
        const cli = path.join(place.home, 'bin', 'autonomous-loop')
        const out = execFileSync(cli, ['version'], { encoding: 'utf8', env: { PATH: '/nowhere' }, cwd: '/' })
        expect(out).toContain(version)
        const copied = good(findAssets(path.join(place.home, 'bin', version, 'cli', 'main.js')))
        expect(copied.hookBundle).toBe(path.join(place.home, 'bin', version, 'hook.cjs'))
        const again = good(await boot(place, { assets: copied }))
        expect(again.files.map(({ action }) => action)).toEqual(again.files.map(() => 'same'))
        expect(exits(shimPath(place.home), ['stop'], '{}')).toEqual({ stdout: '', status: 0 })
      })
    })

  if (long)
    test('a failure of the copy names a document in the home, and what that links is there too', async () => {
      await withPlace(async (place) => {
        await boot(place)
        const cli = path.join(place.home, 'bin', 'autonomous-loop')
        const { stdout } = spawnSync(cli, ['explain', '--json'], {
          encoding: 'utf8',
          env: { ...place.env.vars, PATH: '/nowhere' },
          cwd: place.repo,
        })
        const [file = '', code] = (JSON.parse(stdout) as { docs: string }).docs.split('#')
        expect([path.basename(file), code]).toEqual(['TROUBLESHOOTING.md', 'no-run'])
        expect(file.startsWith(`${place.home}/bin/`)).toBe(true)
        const documents = [file]
        for (const document of documents) {
          const text = fs.readFileSync(document, 'utf8')
          for (const [, link = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
            const linked = path.resolve(path.dirname(document), link)
            if (!documents.includes(linked)) documents.push(linked)
          }
        }
        expect(documents.map((document) => path.basename(document))).toEqual([
          'TROUBLESHOOTING.md',
          'configuration.md',
        ])
      })
    }, 60_000)

  if (long)
    test('a skill file of the user stays, one that we wrote is brought up to date', async () => {
      await withPlace(async (place) => {
        const skill = path.join(place.codexHome, 'skills', 'autonomous-loop', 'SKILL.md')
        await boot(place)
        const text = fs.readFileSync(skill, 'utf8')
        expect(text).not.toContain('{{CLI}}')
        fs.appendFileSync(skill, 'mine\n')
        const kept = good(await boot(place))
        expect(kept.files).toContainEqual({ path: skill, action: 'kept' })
        expect(kept.warnings.join()).toContain('SKILL.md is not ours and was kept')
        expect(fs.readFileSync(skill, 'utf8')).toBe(`${text}mine\n`)
        await boot(place, { force: true })
        expect(fs.readFileSync(skill, 'utf8')).toBe(text)
      })
    })

  if (long)
    test('a changed timeout is kept by the next bootstrap without one', async () => {
      await withPlace(async (place) => {
        await boot(place, { stopTimeoutSeconds: 900, trust: true })
        const answer = good(await boot(place, { trust: true }))
        expect(answer.enforced).toBe('trusted')
        expect(readMachine(place.home)).toMatchObject({ value: { stopTimeoutSeconds: 900 } })
        expect(fs.readFileSync(hooksFile(place), 'utf8')).toContain('"timeout": 900')
      })
    })

  const refusals: [string, string, (place: Place) => Parameters<typeof boot>[1]][] = [
    ['Windows', 'platform-unsupported', () => ({ platform: 'win32' })],
    ['a timeout in which no gate could end', 'stop-timeout', () => ({ stopTimeoutSeconds: 5 })],
    ['a broken timeout', 'stop-timeout', () => ({ stopTimeoutSeconds: Number.NaN })],
    ['a home in the temp directory', 'home-in-temp', () => ({ env: { home: '/tmp/x/autoloop' } })],
    [
      'a CODEX_HOME in the temp directory',
      'codex-home-in-temp',
      (place) => ({ env: { tmpDir: place.codexHome, home: `${place.dir}/h` } }),
    ],
    [
      'a home in the workspace',
      'home-in-workspace',
      (place) => ({ env: { home: `${place.repo}/autoloop` } }),
    ],
    [
      'a home behind a link into the workspace',
      'home-in-workspace',
      (place) => (
        fs.symlinkSync(place.repo, `${place.dir}/link`),
        { env: { home: `${place.dir}/link/autoloop` } }
      ),
    ],
    [
      'a node in the workspace',
      'node-in-workspace',
      (place) => ({ node: `${place.repo}/node_modules/.bin/node` }),
    ],
    ['a node in the temp directory', 'node-in-temp', () => ({ node: '/tmp/node' })],
    ['a home with a newline in its name', 'home-name', (place) => ({ env: { home: `${place.dir}/a\nb` } })],
    ['no codex', 'codex-missing', () => ({ env: { vars: { PATH: '/usr/bin:/bin' } } })],
    [
      'a hooks.json that is no JSON',
      'hooks-json-invalid',
      (place) => (fs.writeFileSync(hooksFile(place), '{"hooks": {'), {}),
    ],
    [
      'a hooks.json with comments',
      'hooks-json-invalid',
      (place) => (fs.writeFileSync(hooksFile(place), '{ // c\n}'), {}),
    ],
    [
      'a FIFO for hooks.json',
      'hooks-json-unreadable',
      (place) => (execFileSync('mkfifo', [hooksFile(place)]), {}),
    ],
    [
      'a link to nowhere for hooks.json',
      'hooks-json-unreadable',
      (place) => (fs.symlinkSync('/nowhere', hooksFile(place)), {}),
    ],
    [
      'an agent that forces while a run is open',
      'person-only',
      (place) => (openRun(place), { force: true, env: { vars: { ...place.env.vars, CODEX_CI: '1' } } }),
    ],
    [
      'an agent that shortens the timeout while a run is open',
      'person-only',
      (place) => (
        openRun(place),
        { stopTimeoutSeconds: 60, env: { vars: { ...place.env.vars, CODEX_CI: '1' } } }
      ),
    ],
  ]
  test.each(refusals)('refuses %s and changes nothing', async (_what, code, arrange) => {
    await withPlace(async (place) => {
      const options = arrange(place)
      const before = snapshot(place.dir)
      const answer = await boot(place, { trust: true, ...options })
      expect(answer).toMatchObject({ ok: false, error: { code } })
      expect(snapshot(place.dir)).toEqual(before)
    })
  })

  if (long)
    test('an agent may repeat a plain bootstrap while a run is open', async () => {
      await withPlace(async (place) => {
        await boot(place, { trust: true })
        openRun(place)
        const vars = { ...place.env.vars, CODEX_CI: '1' }
        expect(good(await boot(place, { env: { vars } })).ok).toBe(true)
      })
    })

  test('a Codex older than the oldest that is supported is refused, and nothing is written', async () => {
    await withPlace(async (place) => {
      const old = path.join(place.dir, 'old-codex')
      fs.writeFileSync(old, '#!/bin/sh\necho codex-cli 0.125.0\n', { mode: 0o755 })
      const before = snapshot(place.dir)
      const vars = { ...place.env.vars, AUTOLOOP_CODEX: old }
      expect(await boot(place, { trust: true, env: { vars } })).toMatchObject({
        ok: false,
        error: { code: 'codex-too-old', message: expect.stringContaining('0.125.0') },
      })
      expect(snapshot(place.dir)).toEqual(before)
    })
  })

  if (long)
    test('hooks that are switched off as a whole are named, and --trust fails', async () => {
      await withPlace(async (place) => {
        fs.writeFileSync(path.join(place.codexHome, 'config.toml'), '[features]\nhooks = false\n')
        const answer = good(await boot(place, { trust: true }))
        expect(answer).toMatchObject({ ok: false, enforced: 'unproven' })
        expect(answer.warnings.join()).toContain('codex features enable hooks')
      })
    })

  if (long)
    test('the plan tool is enabled only when the person says so', async () => {
      await withPlace(async (place) => {
        const config = () => fs.readFileSync(path.join(place.codexHome, 'config.toml'), 'utf8')
        expect(good(await boot(place)).plan_tool).toBeNull()
        expect(config()).not.toContain('update_plan')
        const offered = await boot(place, { mayEnablePlanTool: () => Promise.resolve(true) })
        expect(good(offered).plan_tool).toBe(true)
        expect(config()).toContain('update_plan')
      })
    })

  if (long)
    test('hooks.json behind a link stays a link and keeps its mode', async () => {
      await withPlace(async (place) => {
        const real = path.join(place.dir, 'dotfiles-hooks.json')
        fs.writeFileSync(real, userHooks)
        fs.chmodSync(real, 0o640)
        fs.symlinkSync(real, hooksFile(place))
        expect(good(await boot(place, { trust: true })).enforced).toBe('trusted')
        expect(fs.lstatSync(hooksFile(place)).isSymbolicLink()).toBe(true)
        expect(fs.statSync(real).mode & 0o777).toBe(0o640)
        await uninstall(take, place.context)
        expect(fs.readFileSync(real, 'utf8')).toBe(userHooks)
      })
    })
})

describe('uninstall', () => {
  test.each(
    sampleOf(
      [
        ['a hooks.json of the user', userHooks],
        ['none', null],
      ] as const,
      2,
    ),
  )('gives back %s, and leaves a stub for running threads', async (_what, text) => {
    await withPlace(async (place) => {
      if (text !== null) fs.writeFileSync(hooksFile(place), text)
      const config = path.join(place.codexHome, 'config.toml')
      await boot(place, { trust: true })
      await boot(place, { trust: true })
      const answer = good(await uninstall(take, place.context))
      expect(answer).toMatchObject({
        hooks_json: text === null ? 'removed' : 'original',
        kept: [],
        warnings: [],
      })
      expect(fs.existsSync(hooksFile(place)) ? fs.readFileSync(hooksFile(place), 'utf8') : null).toBe(text)
      expect(fs.readFileSync(config, 'utf8')).not.toContain('trusted_hash')
      expect(fs.existsSync(path.join(place.codexHome, 'skills', 'autonomous-loop'))).toBe(false)
      expect(fs.readdirSync(path.join(place.home, 'bin'))).toEqual(['hook'])
      expect(exits(shimPath(place.home), ['stop'], 'x'.repeat(1e6))).toEqual({ stdout: '', status: 0 })
      expect(fs.existsSync(path.join(place.home, 'sessions'))).toBe(true)
      expect(good(await uninstall({ ...take, purge: true }, place.context)).hooks_json).toBe('unchanged')
      expect(fs.existsSync(place.home)).toBe(false)
      expect(good(await boot(place, { trust: true })).enforced).toBe('trusted')
    })
  })

  if (long)
    test('keeps what the user added or changed', async () => {
      await withPlace(async (place) => {
        await boot(place)
        const skill = path.join(place.codexHome, 'skills', 'autonomous-loop')
        fs.writeFileSync(path.join(skill, 'mine.md'), 'mine')
        fs.appendFileSync(path.join(skill, 'SKILL.md'), 'mine')
        const answer = good(await uninstall(take, place.context))
        expect(answer.kept).toEqual([path.join(skill, 'SKILL.md')])
        expect(fs.readdirSync(skill).sort()).toEqual(['SKILL.md', 'mine.md'])
      })
    })

  const refusals: [string, string, (place: Place) => void, Partial<typeof take>][] = [
    ['open runs', 'open-runs', (place) => openRun(place), {}],
    [
      'a hooks.json that is no JSON',
      'hooks-json-invalid',
      (place) => fs.writeFileSync(hooksFile(place), 'oops'),
      {},
    ],
    [
      'an agent',
      'person-only',
      (place) => ((place.context.env.vars as Record<string, string>)['CODEX_CI'] = '1'),
      { force: true },
    ],
  ]
  test.each(sampleOf(refusals, 3))(
    'refuses %s and changes nothing',
    async (_what, code, arrange, options) => {
      await withPlace(async (place) => {
        await boot(place)
        arrange(place)
        const before = snapshot(place.dir)
        expect(await uninstall({ ...take, ...options }, place.context)).toMatchObject({
          ok: false,
          error: { code },
        })
        expect(snapshot(place.dir)).toEqual(before)
      })
    },
  )

  if (long)
    test('by force it leaves the open run behind, and --dry-run changes nothing', async () => {
      await withPlace(async (place) => {
        await boot(place)
        openRun(place)
        const before = snapshot(place.dir)
        good(await uninstall({ ...take, force: true, dryRun: true }, place.context))
        expect(snapshot(place.dir)).toEqual(before)
        good(await uninstall({ ...take, force: true }, place.context))
        expect(fs.readdirSync(path.join(place.home, 'armed'))).toHaveLength(1)
      })
    })
})

const session = '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee'

/** Only its name matters here. */
function openRun(place: Place): void {
  const paths = sessionPaths(place.home, session)
  writeMarker(paths, { v: 1, started: false, activation: {} as never, at: 0 })
}

function changed(before: Record<string, string>, after: Record<string, string>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (file) => before[file] !== after[file],
  )
}
