import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { hookShell } from '../../src/codex/hook-shell.ts'
import { codexVersions, message, withLab } from '../rig/codex.ts'
import { start } from '../rig/processes.ts'

const bash = ['/usr/bin/bash', '/bin/bash'].find((file) => fs.existsSync(file)) ?? '/bin/sh'

test.each([
  ['/bin/sh', '/bin/sh'],
  ['/bin/bash', '/bin/bash'],
  ['/bin/dash', bash],
  ['/usr/bin/fish', bash],
  ['/bin/tcsh', bash],
  ['/nonexistent/zsh', bash],
  ['/usr/sbin/nologin', bash],
  ['', bash],
  [null, bash],
])('a user of %p has hooks run by %p', (passwd, shell) => {
  expect(hookShell(passwd)).toBe(shell)
})

// Another passwd file for one process needs a mount namespace, and that needs root.
const canUnshare = process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0
const asRoot = canUnshare ? test : test.skip

asRoot.each(codexVersions)(
  'codex %s takes the shell that hookShell names',
  async (version) => {
    await withLab({ version, script: () => [message('Done.')] }, async (lab) => {
      const seen = path.join(lab.dir, 'seen')
      const command = `tr '\\0' ' ' </proc/$$/cmdline >${seen}; cat >/dev/null`
      fs.writeFileSync(
        path.join(lab.codexHome, 'hooks.json'),
        JSON.stringify({ hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } }),
      )
      const fish = path.join(lab.dir, 'fish')
      fs.writeFileSync(fish, '#!/bin/sh\nexec /bin/sh "$@"\n', { mode: 0o755 })
      for (const shell of ['/bin/sh', '/bin/dash', fish]) {
        const passwd = path.join(lab.dir, 'passwd')
        const ours = new RegExp(`^([^:]*:[^:]*:${process.getuid?.()}:.*:)[^:]*$`, 'm')
        fs.writeFileSync(passwd, fs.readFileSync('/etc/passwd', 'utf8').replace(ours, `$1${shell}`))
        const script = 'mount --bind "$0" /etc/passwd && exec "$@"'
        const codex = [lab.codexPath, 'exec', '--dangerously-bypass-hook-trust', 'hi']
        const run = start('unshare', ['-m', 'sh', '-c', script, passwd, ...codex], {
          cwd: lab.repo,
          env: lab.env({ SHELL: '/bin/zsh' }),
          timeoutMs: 60_000,
        })
        expect((await run.done).code).toBe(0)
        expect([shell, fs.readFileSync(seen, 'utf8').split(' ')[0]]).toEqual([shell, hookShell(shell)])
        fs.rmSync(seen)
      }
    })
  },
  120_000,
)
