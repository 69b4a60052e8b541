import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import type { Answer, Installed } from '../rig/installed.ts'
import { projectRoot } from '../rig/root.ts'
import { startTerminal } from '../rig/tui.ts'
import { play } from './lab.ts'

/** Waits for a word of the test: the directory is the gate's own, so the FIFO in it has somebody behind it. */
const waits = ['sh', '-c', 'read word < ~/runs/go'] as const

async function judging(lab: Installed, kind: string): Promise<Answer> {
  for (;;) {
    const { sessions } = await lab.json(['status', '--cwd', lab.repo])
    const now = sessions[0]?.judging
    if (now?.doing.some((one: Answer) => one.kind === kind)) return now
  }
}

test('while a stop waits, status says for which step of prepare, for which gate, where, and since when', async () => {
  let go: number | undefined
  await play(
    {
      files: {
        '.codex/autoloop.project.json': JSON.stringify({
          version: 2,
          commands: { test: { argv: waits, network: 'loopback', writable: ['~/runs'] } },
          gateProfiles: { fast: [], default: [], final: ['test'] },
          policy: { verify: 'clean-room' },
          prepare: [{ argv: waits, writable: ['~/runs'] }],
        }),
      },
      person: 'mkdir -p ~/runs && mkfifo ~/runs/go',
      agent: ['true'],
      meanwhile: async (lab) => {
        // Both ends, so that neither opening nor writing waits for the gate.
        go = fs.openSync(path.join(lab.userHome, 'runs/go'), 'r+')
        expect(await judging(lab, 'prepare')).toMatchObject({
          doing: [{ kind: 'prepare', name: 'prepare[0]', nth: 1, of: 1 }],
        })
        fs.writeSync(go, 'on\n')
        const now = await judging(lab, 'gate')
        expect(now.doing).toEqual([
          { kind: 'gate', name: 'test', nth: 1, of: 1, place: 'clean-room', since: expect.any(String) },
        ])
        expect(Date.parse(now.doing[0].since)).toBeGreaterThanOrEqual(Date.parse(now.since))
        const terminal = startTerminal(lab, [
          process.execPath,
          path.join(projectRoot, 'bin/autonomous-loop.js'),
          'status',
        ])
        await terminal.shows(/judging +running gate test in the clean room \(1 of 1\), [\d.]+ s/)
        expect(await terminal.ended).toBe(0)
        // Stays open: a gate that has not opened it yet would find nothing in it.
        fs.writeSync(go, 'on\n')
      },
    },
    ({ run, lab }) => {
      expect(run).toMatchObject({ state: 'released', judging: null })
      const [session = ''] = fs.readdirSync(path.join(lab.home, 'sessions'))
      expect(fs.readdirSync(path.join(lab.home, 'sessions', session))).not.toContain('progress.json')
    },
  ).finally(() => {
    if (go !== undefined) fs.closeSync(go)
  })
})
