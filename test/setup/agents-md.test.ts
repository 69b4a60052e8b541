import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { putSection, takeSection } from '../../src/setup/agents-md.ts'
import { equip, message, withLab, greetingProject } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

describe('our section of AGENTS.md', () => {
  test.each([
    ['with an end of line', '# Rules\n\nBe kind.\n'],
    ['without one', '# Rules'],
    ['with empty lines at the end', '# Rules\n\n'],
    ['as Windows writes it', '# Rules\r\n\r\nBe kind.\r\n'],
  ])('goes in and out of a file %s', (_name, text) => {
    const put = putSection(text, 'first\nsecond\n')
    if (!put.ok) throw new Error(put.error.message)
    expect(put.value.startsWith(text)).toBe(true)
    expect(put.value).toContain(text.includes('\r\n') ? 'first\r\nsecond\r\n' : 'first\nsecond\n')
    expect(putSection(put.value, 'first\nsecond')).toEqual(put)
    const other = putSection(put.value, 'third')
    expect(other).toMatchObject({ ok: true, value: expect.not.stringContaining('first') })
    const taken = takeSection(put.value)
    if (!taken.ok) throw new Error(taken.error.message)
    expect(taken.value?.trimEnd()).toBe(text.trimEnd())
  })

  test('what a person wrote behind it stays where it is', () => {
    const put = putSection('# A\n', 'ours')
    const text = `${put.ok ? put.value : ''}\n# B\n`
    expect(takeSection(text)).toEqual({ ok: true, value: '# A\n\n# B\n' })
    expect(putSection(text, 'new')).toMatchObject({ value: expect.stringMatching(/new\n.*\n\n# B\n$/) })
  })

  test('a file that held nothing else goes', () => {
    const put = putSection(null, 'ours')
    expect(takeSection(put.ok ? put.value : '')).toEqual({ ok: true, value: null })
    expect(takeSection('# not ours\n')).toEqual({ ok: true, value: '# not ours\n' })
  })

  test.each(['begin -->\n', 'end -->\n', 'end -->\n<!-- autonomous-loop: begin -->\n'])(
    'a marker alone or in the wrong order is told, not guessed: %j',
    (rest) => {
      const text = `<!-- autonomous-loop: ${rest}`
      expect(putSection(text, 'x')).toMatchObject({ ok: false, error: { code: 'agents-md-markers' } })
      expect(takeSection(text)).toMatchObject({ ok: false, error: { code: 'agents-md-markers' } })
    },
  )
})

if (long)
  test('install-repo --agents-md and uninstall-repo leave the repository as it was', async () => {
    const files = { ...greetingProject, 'AGENTS.md': '# House rules\n' }
    await withLab({ script: () => [message('Done.')], repoFiles: files }, async (lab) => {
      const installed = equip(lab)
      await installed.json(['bootstrap', '--trust'])
      const installRepo = ['install-repo', '--repo', lab.repo, '--agents-md', '--install-hooks']
      const dry = await installed.json([...installRepo, '--dry-run'])
      expect(JSON.stringify(dry)).toContain('AGENTS.md')
      expect(lab.git('status', '--porcelain')).toBe('')

      await installed.json(installRepo)
      const agents = path.join(lab.repo, 'AGENTS.md')
      expect(fs.readFileSync(agents, 'utf8')).toMatch(
        /^# House rules\n\n<!-- autonomous-loop: begin -->\n[^]+request enable/,
      )
      // The file is everybody's.
      expect(fs.readFileSync(agents, 'utf8')).not.toContain(lab.dir)
      expect((await installed.json(installRepo)).unchanged).toContain('AGENTS.md')

      const would = await installed.json(['uninstall-repo', '--repo', lab.repo, '--dry-run'])
      expect(would.removed).toContain('.codex/autoloop.project.json')
      expect(fs.existsSync(path.join(lab.repo, '.codex/autoloop.project.json'))).toBe(true)
      const gone = await installed.json(['uninstall-repo', '--repo', lab.repo])
      expect(gone).toMatchObject({ edited: ['AGENTS.md'], kept: [] })
      expect(lab.git('status', '--porcelain', '--ignored')).toBe('')
      expect(fs.existsSync(path.join(lab.repo, '.agents'))).toBe(false)
      expect((await installed.json(['uninstall-repo', '--repo', lab.repo])).removed).toEqual([])
    })
  })

test('what a person changed stays, and an open run must end first', async () => {
  await withLab({ script: () => [message('Done.')], repoFiles: greetingProject }, async (lab) => {
    const installed = equip(lab)
    await installed.json(['bootstrap', '--trust'])
    await installed.json(['install-repo', '--repo', lab.repo])
    const remove = ['uninstall-repo', '--repo', lab.repo]
    const session = '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee'
    const enable = ['request', 'enable', '--cwd', lab.repo, '--objective', 'x', '--session-id', session]
    await installed.json(enable)
    expect(await installed.json(remove, 1)).toMatchObject({ error_code: 'open-runs' })
    expect(await installed.json(remove, 1, { CODEX_CI: '1' })).toMatchObject({ error_code: 'person-only' })
    await installed.json(['request', 'release', '--session-id', session])

    const config = path.join(lab.repo, '.codex/autoloop.project.json')
    const skill = path.join(lab.repo, '.agents/skills/autonomous-loop/SKILL.md')
    fs.appendFileSync(config, '\n')
    fs.appendFileSync(skill, 'my own words\n')
    const done = await installed.json(remove)
    expect(done.kept.map((one: { path: string }) => one.path)).toEqual([
      '.codex/autoloop.project.json',
      '.agents/skills/autonomous-loop/SKILL.md',
    ])
    expect(fs.existsSync(config) && fs.existsSync(skill)).toBe(true)
    await installed.json([...remove, '--force'])
    expect(lab.git('status', '--porcelain')).toBe('')
  })
})
