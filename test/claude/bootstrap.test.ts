import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { withClaude } from '../rig/claude.ts'
import { withHeld } from './rig.ts'

const own =
  '{\n  "theme": "dark",\n  "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}\n}\n'

withClaude((bin) => {
  test('bootstrap --claude writes and tries, doctor tells, uninstall gives every byte back', async () => {
    await withHeld(bin, async (lab) => {
      fs.writeFileSync(lab.settings, own, { mode: 0o640 })
      expect(await lab.json(['bootstrap', '--claude', '--dry-run'])).toMatchObject({ enforced: null })
      expect(fs.readFileSync(lab.settings, 'utf8')).toBe(own)
      expect(fs.existsSync(lab.home)).toBe(false)

      expect(await lab.json(['bootstrap', '--claude'])).toMatchObject({
        ok: true,
        enforced: 'runs',
        block_cap: '0',
        settings: { path: lab.settings, action: 'update' },
        warnings: [],
      })
      // Only our own hook answered: no model was asked.
      expect(lab.api.requests).toEqual([])
      const hooked = fs.readFileSync(lab.settings, 'utf8')
      expect(JSON.parse(hooked)).toMatchObject({
        theme: 'dark',
        env: { CLAUDE_CODE_STOP_HOOK_BLOCK_CAP: '0' },
        hooks: {
          Stop: [{}, { hooks: [{ command: `'${lab.home}/bin/hook' stop claude`, timeout: 3600 }] }],
          SessionStart: [{}],
          UserPromptSubmit: [{}],
          ConfigChange: [{}],
        },
      })
      expect(fs.statSync(lab.settings).mode & 0o777).toBe(0o640)
      expect(await lab.json(['bootstrap', '--claude'])).toMatchObject({ settings: { action: 'same' } })
      // What it set up for Claude Code stays when Codex is set up after it.
      await lab.json(['bootstrap', '--trust'])
      const checks = async (code: number) => (await lab.json(['doctor', '--cwd', lab.repo], code)).checks
      expect(await checks(1)).toMatchObject({
        claude_hooks: { ok: true, version: '2.1.332', fails_open: true, stop_timeout_seconds: 3600 },
        claude_block_cap: { ok: true },
        claude_sandbox: { ok: false, advisory: true },
        enforced: { ok: true },
      })

      const off = hooked.replace('"theme": "dark"', '"disableAllHooks": true')
      fs.writeFileSync(lab.settings, off)
      expect(await checks(1)).toMatchObject({
        claude_hooks: { ok: false, reason: expect.stringContaining('disableAllHooks') },
      })
      expect(await lab.json(['bootstrap', '--claude'], 1)).toMatchObject({
        ok: false,
        enforced: 'does-not-run',
      })
      fs.writeFileSync(lab.settings, hooked)

      expect(await lab.json(['uninstall'])).toMatchObject({ claude_settings: 'edited' })
      expect(fs.readFileSync(lab.settings, 'utf8')).toBe(own)
    })
  })

  test('settings that Claude Code itself ignores are refused; without Codex it says what that means', async () => {
    await withHeld(bin, async (lab) => {
      fs.writeFileSync(lab.settings, '{ // mine\n}\n')
      const refused = await lab.json(['bootstrap', '--claude'], 1)
      expect(refused).toMatchObject({ ok: false, error_code: 'hooks-json-invalid' })
      fs.rmSync(lab.settings)
      fs.mkdirSync(lab.home, { recursive: true })
      fs.writeFileSync(path.join(lab.home, 'machine.json'), '{')
      const PATH = `${path.dirname(process.execPath)}:/usr/bin:/bin`
      expect(await lab.json(['bootstrap', '--claude'], 0, { PATH })).toMatchObject({
        enforced: 'runs',
        warnings: [
          'machine.json could not be read and is written again',
          expect.stringContaining("gates run in Codex's sandbox"),
        ],
      })
    })
  })
})
