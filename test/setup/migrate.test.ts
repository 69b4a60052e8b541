import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { withoutLegacy } from '../../src/codex/hooks-file/legacy.ts'
import { blocks, equip, execCommand, greetingProject, inOrder, message, withLab } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const legacy = (event: string) => ({
  hooks: [{ type: 'command', command: `/opt/bin/autonomous-loop hook ${event}`, timeout: 60 }],
})
const own = { hooks: [{ type: 'command', command: 'true', timeout: 5 }] }
const text = (hooks: object) => `${JSON.stringify({ hooks }, null, 2)}\n`

test.each([
  [
    'only the original',
    { Stop: [legacy('stop')], SessionStart: [{ matcher: 'startup|resume', ...legacy('session-start') }] },
    {},
    2,
  ],
  ['the user behind it', { Stop: [legacy('stop'), own] }, { Stop: [own] }, 1],
  [
    'the user before it',
    { Stop: [own, legacy('stop')], PreToolUse: [own] },
    { Stop: [own], PreToolUse: [own] },
    1,
  ],
  [
    'one group for both',
    { Stop: [{ hooks: [...legacy('stop').hooks, ...own.hooks] }] },
    { Stop: [{ hooks: [...legacy('stop').hooks, ...own.hooks] }] },
    0,
  ],
  ['nothing of it', { Stop: [own] }, { Stop: [own] }, 0],
])('hooks.json with %s', (_name, before, after, count) => {
  const done = withoutLegacy(text(before))
  if (!done.ok) throw new Error(done.error.message)
  expect(done.value.taken).toHaveLength(count)
  expect(JSON.parse(done.value.text)).toEqual({ hooks: after })
  if (count === 0) expect(done.value.text).toBe(text(before))
})

test('machine, hooks, skill, config and open runs of the original are taken over, and the new one holds', async () => {
  const config = {
    version: '0.1',
    commands: { test: ['npm', 'test'] },
    gateProfiles: { fast: [], default: ['test'], final: ['test'] },
    defaults: {
      gateProfile: 'default',
      fastGateProfile: 'fast',
      finalGateProfile: 'final',
      maxStopIterations: 12,
    },
    semanticReview: 'advisory-after-green',
  }
  let command = ''
  await withLab(
    {
      repoFiles: { ...greetingProject, '.codex/autoloop.project.json': JSON.stringify(config, null, 2) },
      hooks: text({ Stop: [legacy('stop'), own], SessionStart: [legacy('session-start')] }),
      script: (request) =>
        inOrder(
          [execCommand(command)],
          [message('Early.')],
          [execCommand('mkdir -p src && printf hello > src/greeting.txt')],
          [message('Done.')],
        )(request),
    },
    async (lab) => {
      const installed = equip(lab)
      command = installed.enableCommand
      const put = (file: string, content: string) => {
        fs.mkdirSync(path.dirname(path.join(lab.codexHome, file)), { recursive: true })
        fs.writeFileSync(path.join(lab.codexHome, file), content)
      }
      const state = (id: string, more: object) =>
        put(
          `autoloop/repos/0123456789abcdef/sessions/${id}/state.json`,
          JSON.stringify({ session_id: id, repo_root: '/r', objective: `Objective ${id}`, ...more }),
        )
      put('autoloop/machine.json', JSON.stringify({ version: '0.1', command_mode: 'absolute-cli' }))
      put('skills/autonomous-loop/SKILL.md', 'the old skill\n')
      state('open', { active: true, paused: false, state: 'active' })
      state('over', { active: false, paused: false, state: 'released' })
      const hooksBefore = fs.readFileSync(path.join(lab.codexHome, 'hooks.json'), 'utf8')

      // Nobody agreed: said, not done.
      const bare = await installed.json(['bootstrap'])
      expect(bare.warnings.join('\n')).toContain('takes it over')
      expect(fs.existsSync(path.join(installed.home, 'repos'))).toBe(true)
      put('autoloop/machine.json', JSON.stringify({ version: '0.1', command_mode: 'absolute-cli' }))

      const full = await installed.json(['bootstrap', '--trust'])
      expect(full.warnings).toEqual([
        '2 hooks of the original autonomous-loop in hooks.json are replaced by ours',
        'what the original autonomous-loop left in the home is archived; nothing is deleted',
        'a run of the original was open and is not held any more: "Objective open" in /r',
      ])
      expect(full.enforced).toBe('trusted')
      const [name = ''] = fs
        .readdirSync(path.join(installed.home, 'archived'))
        .filter((one) => one.startsWith('original-'))
      const archive = path.join(installed.home, 'archived', name)
      expect(fs.readdirSync(archive).sort()).toEqual([
        'NOTE.txt',
        'SKILL.md',
        'hooks.json',
        'machine.json',
        'repos',
      ])
      expect(fs.readFileSync(path.join(archive, 'SKILL.md'), 'utf8')).toBe('the old skill\n')
      expect(fs.readFileSync(path.join(archive, 'hooks.json'), 'utf8')).toContain(
        '/opt/bin/autonomous-loop hook stop',
      )
      expect(hooksBefore).toContain('/opt/bin/autonomous-loop')
      const note = fs.readFileSync(path.join(archive, 'NOTE.txt'), 'utf8')
      expect(note).toContain('"Objective open" in /r (session open, active)')
      expect(note).not.toContain('Objective over')
      const hooks = fs.readFileSync(path.join(lab.codexHome, 'hooks.json'), 'utf8')
      expect(hooks).not.toContain('/opt/bin')
      expect(JSON.parse(hooks).hooks.Stop[0]).toEqual(own)
      expect((await installed.json(['bootstrap', '--trust'])).warnings).toEqual([])

      if (!long) return
      await installed.json(['allow', '--repo', lab.repo])
      await installed.json(['doctor'])
      expect((await lab.codex(['exec', 'write the greeting'])).code).toBe(0)
      expect(blocks(lab)).toHaveLength(1)
      expect((await lab.cli(['status', '--check'])).code).toBe(0)
    },
  )
})
