import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { start } from '../rig/processes.ts'
import { type Installed, equip, greetingProject, message, withLab } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const hour = 3_600_000

/** A session of the hooks: its start, told to the shim as Codex would. */
async function startSession(lab: Installed, id: string): Promise<void> {
  const payload = {
    session_id: id,
    transcript_path: null,
    cwd: lab.repo,
    hook_event_name: 'SessionStart',
    model: 'none',
    permission_mode: 'default',
    source: 'startup',
  }
  const done = await start(path.join(lab.home, 'bin/hook'), ['session-start'], {
    cwd: lab.repo,
    env: lab.env(),
    stdin: JSON.stringify(payload),
    timeoutMs: 30_000,
  }).done
  expect(done.stderr).toBe('')
}

function age(file: string, ms: number): void {
  const at = (Date.now() - ms) / 1000
  fs.utimesSync(file, at, at)
}

async function withHome(use: (lab: Installed) => Promise<void>): Promise<void> {
  await withLab({ script: () => [message('Done.')], repoFiles: greetingProject }, async (lab) => {
    const installed = equip(lab)
    await installed.json(['bootstrap', '--trust'])
    await installed.json(['install-repo', '--repo', lab.repo])
    await use(installed)
  })
}

if (long)
  test('a session start begins hygiene when the last was an hour ago, and not before', async () => {
    await withHome(async (lab) => {
      const stamp = path.join(lab.home, 'tidied')
      const old = path.join(lab.home, 'bin/0.0.1')
      fs.mkdirSync(old)
      // Bootstrap was long ago: the program of the version before may go.
      const machine = path.join(lab.home, 'machine.json')
      const content = JSON.parse(fs.readFileSync(machine, 'utf8')) as object
      fs.writeFileSync(machine, JSON.stringify({ ...content, installedAt: Date.now() - 48 * hour }))

      age(stamp, hour / 2)
      const before = fs.statSync(stamp).mtimeMs
      await startSession(lab, randomUUID())
      expect(fs.statSync(stamp).mtimeMs).toBe(before)
      expect(fs.existsSync(old)).toBe(true)

      age(stamp, 2 * hour)
      const gone = new Promise<void>((resolve) => {
        const watcher = fs.watch(path.join(lab.home, 'bin'), () => {
          if (fs.existsSync(old)) return
          watcher.close()
          resolve()
        })
      })
      await startSession(lab, randomUUID())
      expect(fs.statSync(stamp).mtimeMs).toBeGreaterThan(Date.now() - hour)
      await gone
    })
  })

test('what is over goes, what may still be needed stays', async () => {
  await withHome(async (lab) => {
    const [gone, fresh, open] = [randomUUID(), randomUUID(), randomUUID()]
    for (const id of [gone, fresh, open]) await startSession(lab, id)
    await lab.json(['request', 'enable', '--cwd', lab.repo, '--objective', 'x', '--session-id', open])
    const live = (id: string) => path.join(lab.home, 'live', id)
    const spool = (id: string) => path.join(`/tmp/autoloop-${process.getuid?.()}`, id)
    try {
      for (const id of [gone, fresh, open]) fs.mkdirSync(spool(id), { recursive: true, mode: 0o700 })
      for (const id of [gone, open]) age(live(id), 8 * 24 * hour)
      fs.mkdirSync(path.join(lab.home, 'bin/0.0.1'))
      const first = await lab.json(['tidy'])
      // Codex of these sessions never lived; an empty spool is of use to nobody then.
      expect(first.spools.sort()).toEqual([gone, fresh].sort())
      expect(first.live_records).toEqual([gone])
      // Just installed: a shim that was started a moment ago may still lead there.
      expect(first.versions).toEqual([])
      expect(fs.existsSync(live(open)) && fs.existsSync(live(fresh))).toBe(true)
      expect(fs.existsSync(spool(open))).toBe(true)
      expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toMatchObject([{ state: 'active' }])

      await lab.json(['request', 'release', '--session-id', open])
      // Written to lately: it stays in sight.
      expect((await lab.json(['tidy'])).archived_sessions).toEqual([])
    } finally {
      for (const id of [gone, fresh, open]) fs.rmSync(spool(id), { recursive: true, force: true })
    }
  })
})
