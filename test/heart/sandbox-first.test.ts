import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import {
  blocks,
  execCommand,
  greetingProject,
  inOrder,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'

test('where gates cannot run, nothing is armed: said before the work, not after it', async () => {
  await withInstalled({ script: () => inOrder([message('Not armed.')]) }, async (lab) => {
    fs.renameSync(path.join(lab.repo, '.git'), path.join(lab.dir, 'elsewhere'))
    fs.symlinkSync(path.join(lab.dir, 'elsewhere'), path.join(lab.repo, '.git'))
    const doctor = await lab.json(['doctor', '--cwd', lab.repo], 1)
    expect(doctor.checks.gate_sandbox).toMatchObject({ ok: false, error_code: 'sandbox-unusable' })
    await lab.codex(['exec', '$autonomous-loop write the greeting'])
    const told = inputTexts(lab.requests[0] ?? { body: {} }).join('\n')
    expect(told).toContain('NOT armed')
    expect(told).toContain("Codex's sandbox does not run in")
    expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toEqual([])
  })
})

if (long)
  test('a repository below CODEX_HOME/worktrees is held and released like any other', async () => {
    await withInstalled(
      { script: () => inOrder([message('Done?')], [execCommand(work)], [message('Done.')]) },
      async (lab) => {
        const repo = path.join(lab.codexHome, 'worktrees', '12ab', 'repo')
        for (const [file, text] of Object.entries(greetingProject)) {
          fs.mkdirSync(path.dirname(path.join(repo, file)), { recursive: true })
          fs.writeFileSync(path.join(repo, file), text)
        }
        lab.git('-C', repo, 'init', '-q')
        await lab.json(['install-repo', '--repo', repo])
        expect((await lab.json(['doctor', '--cwd', repo])).checks.gate_sandbox).toMatchObject({ ok: true })
        // Codex lets an agent write only where it trusts the project, or where it is told to.
        const free = ['exec', '-s', 'workspace-write', '$autonomous-loop write the greeting']
        await lab.codex(free, { cwd: repo })
        expect(blocks(lab)).toHaveLength(1)
        expect(await onlyRun({ ...lab, repo })).toMatchObject({ state: 'released' })
      },
    )
  })
