import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { equip, message, withLab } from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'
import { startTerminal } from '../rig/tui.ts'

const bootstrap = [process.execPath, path.join(projectRoot, 'bin/autonomous-loop.js'), 'bootstrap']

test('on a terminal: everything is shown, one question, a real block, and what comes next', async () => {
  await withLab({ script: () => [message('Done.')] }, async (lab) => {
    const installed = equip(lab)
    const no = startTerminal(lab, bootstrap)
    await no.shows(/hooks\.json +\(our hooks added/)
    await no.shows(/Stop +'[^']*autoloop\/bin\/hook' stop/)
    await no.shows(/Do this\? \[y\/N\]/)
    no.type('n\r')
    await no.shows(/Nothing was written/)
    expect(await no.ended).toBe(1)
    for (const key of sampleOf(['\u0003', '\u0004'], 2)) {
      const left = startTerminal(lab, bootstrap)
      await left.shows(/Do this\? \[y\/N\]/)
      left.type(key)
      await left.shows(/interrupted; nothing was written/)
      expect(await left.ended).toBe(130)
    }
    expect(fs.existsSync(installed.home)).toBe(false)
    expect(fs.existsSync(path.join(lab.codexHome, 'hooks.json'))).toBe(false)

    const yes = startTerminal(lab, bootstrap)
    await yes.shows(/Do this\? \[y\/N\]/)
    yes.type('y\r')
    await yes.shows(/Shown: an agent that said "All done!" was held \(.*T1/, 90_000)
    await yes.shows(/Next:/)
    expect(await yes.ended).toBe(0)
    const doctor = await installed.json(['doctor', '--cwd', '/'])
    expect(doctor.checks.enforced).toMatchObject({ ok: true })
    expect(doctor.checks.plan_tool).toMatchObject({ ok: true })
    // Nothing of the session that was shown stays.
    expect(fs.readdirSync(lab.userHome).filter((name) => name.includes('prove'))).toEqual([])

    // Everything is there: nothing to ask, nothing to show.
    const again = startTerminal(lab, bootstrap)
    expect(await again.ended).toBe(0)
    await again.shows(/trusted +Stop/)
    await expect(again.shows(/Do this/, 0)).rejects.toThrow('never showed')
  })
}, 120_000)

test('not on a terminal and without --trust nothing runs, and the JSON says so', async () => {
  await withLab({ script: () => [message('Done.')] }, async (lab) => {
    const installed = equip(lab)
    const answer = await installed.json(['bootstrap'])
    expect(answer).toMatchObject({
      enforced: 'unproven',
      warnings: [expect.stringContaining('nobody was asked')],
      next: ['autonomous-loop bootstrap --trust', 'autonomous-loop doctor'],
      restart: [],
    })
    expect(answer.hooks.every((hook: { trust: string }) => hook.trust === 'untrusted')).toBe(true)
    await installed.json(['bootstrap', '--trust'])
    // As after an upgrade: what was trusted is trusted still.
    expect(await installed.json(['bootstrap'])).toMatchObject({ enforced: 'trusted', warnings: [] })
  })
})

if (long)
  test('purged, nothing is left', async () => {
    await withLab({ script: () => [message('Done.')] }, async (lab) => {
      const installed = equip(lab)
      const config = fs.readFileSync(path.join(lab.codexHome, 'config.toml'), 'utf8')
      await installed.json(['bootstrap', '--trust'])
      await installed.json(['install-repo', '--repo', lab.repo], 1)
      await installed.json(['uninstall', '--purge'])
      expect(fs.existsSync(installed.home)).toBe(false)
      expect(fs.existsSync(path.join(lab.codexHome, 'hooks.json'))).toBe(false)
      expect(fs.existsSync(path.join(lab.codexHome, 'skills', 'autonomous-loop'))).toBe(false)
      expect(fs.readFileSync(path.join(lab.codexHome, 'config.toml'), 'utf8').trim()).toBe(config.trim())
    })
  })
