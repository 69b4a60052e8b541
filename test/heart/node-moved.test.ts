import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { makeWorld } from '../hostile/world.ts'
import type { Answer } from '../rig/installed.ts'
import { projectRoot } from '../rig/root.ts'

/*
 * A version manager removes the node with which everything was set up: the hooks' own node and that of the gates are
 * gone together. `npm test` is the only gate; nothing else of this machine's node is on the PATH of the person.
 */

const npmCli = fs.realpathSync(
  [path.dirname(process.execPath), ...(process.env['PATH'] ?? '').split(':')]
    .map((dir) => path.join(dir, 'npm'))
    .find((file) => fs.existsSync(file)) ?? 'npm',
)

/** A node of its own, as below `~/.nvm/versions`; a link cannot stand for it, because node resolves it. */
function installNode(bin: string): void {
  fs.mkdirSync(bin, { recursive: true })
  try {
    fs.linkSync(process.execPath, path.join(bin, 'node'))
  } catch {
    fs.copyFileSync(process.execPath, path.join(bin, 'node'))
  }
  fs.symlinkSync(npmCli, path.join(bin, 'npm'))
}

test('bootstrap with the new node gives the hooks back, allow --amend the gates, and finished work is released', async () => {
  const { world, close } = await makeWorld()
  try {
    const { lab } = world
    const at = (...names: string[]): string => path.join(lab.dir, 'nvm', ...names)
    fs.mkdirSync(at('base'), { recursive: true })
    for (const name of ['sh', 'env', 'git']) {
      const from = ['/usr/bin', '/bin'].map((dir) => path.join(dir, name)).find((file) => fs.existsSync(file))
      if (from) fs.symlinkSync(from, at('base', name))
    }
    const vars = (bin: string): Record<string, string> =>
      lab.env({ PATH: [bin, at('base'), path.dirname(lab.codexPath)].join(':') })
    /** The command line, run by the node of this directory. */
    const by = (bin: string, ...args: string[]): Answer =>
      JSON.parse(
        execFileSync(path.join(bin, 'node'), [path.join(projectRoot, 'bin/autonomous-loop.js'), ...args], {
          cwd: lab.repo,
          env: vars(bin),
          encoding: 'utf8',
        }),
      )
    const [old, fresh] = [at('v20', 'bin'), at('v22', 'bin')]
    installNode(old)
    by(old, 'bootstrap', '--trust')
    expect(by(old, 'allow').gate_path).toContain(old)
    world.arm()
    world.work()

    fs.rmSync(at('v20'), { recursive: true })
    installNode(fresh)
    expect(world.stop().stopReason).toMatch(/failed closed: node is gone .*doctor/)
    by(fresh, 'bootstrap')
    const named = world.stop()
    expect(named).toMatchObject({ decision: 'block' })
    expect(named.reason).toContain(
      `npm is not on the PATH recorded for gates; fix: install npm, then record the PATH again: autonomous-loop allow --repo ${lab.repo}`,
    )
    expect(world.stop().stopReason).toContain('parked')

    expect(by(fresh, 'allow', '--amend')).toMatchObject({
      open_runs: [{ amended: true, changes: [{ id: 'gate-path' }] }],
    })
    world.prompt('go on')
    expect(world.stop().systemMessage).toContain('released.')
  } finally {
    await close()
  }
})
