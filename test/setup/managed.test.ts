import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { type RunResult, start } from '../rig/processes.ts'
import {
  type Answer,
  type Lab,
  blocks,
  equip,
  execCommand,
  greetingProject,
  inOrder,
  message,
  withLab,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { projectRoot } from '../rig/root.ts'

/*
 * The real requirements.toml of a machine holds every Codex on it. So all of this happens in a mount namespace of its
 * own, in which /etc and /usr/local/lib are copies: nobody else sees it, and nothing is left when it ends.
 */
const canUnshare = spawnSync('unshare', ['-m', 'true']).status === 0
if (!canUnshare)
  process.stderr.write(
    'managed hooks are NOT tested: mount namespaces need root (unshare -m does not work here)\n',
  )
const asRoot = canUnshare ? test : test.skip

const requirements = '/etc/codex/requirements.toml'

interface Machine {
  run(argv: readonly string[], env?: Record<string, string>): Promise<RunResult>
  json(words: readonly string[], code?: number): Promise<Answer>
}

async function withMachine(lab: Lab, rules: string, use: (machine: Machine) => Promise<void>): Promise<void> {
  const copy = path.join(lab.dir, 'etc')
  fs.writeFileSync(path.join(lab.dir, 'rules.toml'), rules)
  const setUp = `set -e
mount --make-rprivate /
cp -a /etc "$0"
mkdir -p "$0/codex"
cp "$1" "$0/codex/requirements.toml"
mount --bind "$0" /etc
mount -t tmpfs -o mode=755 tmpfs /usr/local/lib
echo ready
exec cat`
  const holder = spawn('unshare', ['-m', 'sh', '-c', setUp, copy, path.join(lab.dir, 'rules.toml')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error('the mount namespace could not be made'))),
    ])
    const run: Machine['run'] = (argv, env = {}) =>
      // The directory is entered inside: one of the other namespace has no path there.
      start(
        'nsenter',
        ['-t', String(holder.pid), '-m', 'sh', '-c', 'cd "$0" && exec "$@"', lab.repo, ...argv],
        {
          cwd: lab.repo,
          env: lab.env(env),
          timeoutMs: 60_000,
        },
      ).done
    const cli = path.join(projectRoot, 'bin/autonomous-loop.js')
    await use({
      run,
      async json(words, code = 0) {
        const result = await run([process.execPath, cli, ...words])
        if (result.code !== code) throw new Error(`${words.join(' ')}: ${result.stdout}\n${result.stderr}`)
        return JSON.parse(result.stdout)
      },
    })
  } finally {
    holder.stdin.end()
    await once(holder, 'close')
  }
}

asRoot(
  'managed hooks hold every user who bootstrapped, also with hooks switched off, and come out again',
  async () => {
    const before = fs.existsSync(requirements) ? fs.readFileSync(requirements, 'utf8') : null
    const rules = '# rules of this company\nallowed_approval_policies = ["never", "on-request"]\n'
    let command = ''
    await withLab(
      {
        repoFiles: greetingProject,
        script: (request) =>
          inOrder(
            ...(long ? [[message('Hello.')]] : []),
            [execCommand(command)],
            [message('Early.')],
            [execCommand('mkdir -p src && printf hello > src/greeting.txt')],
            [message('Done.')],
          )(request),
      },
      async (lab) => {
        const installed = equip(lab)
        command = installed.enableCommand
        await withMachine(lab, rules, async (machine) => {
          const file = async () => (await machine.run(['cat', requirements])).stdout
          const trust = async () => {
            const { enforced } = JSON.parse(
              (
                await machine.run([
                  process.execPath,
                  path.join(projectRoot, 'bin/autonomous-loop.js'),
                  'doctor',
                ])
              ).stdout,
            ).checks
            return [enforced.ok, enforced.by]
          }
          // Said and shown before anything changes; nobody is there to say yes.
          await machine.json(['bootstrap'])
          expect(await trust()).toEqual([false, 'untrusted'])
          const dry = await machine.json(['bootstrap', '--managed', '--dry-run'])
          expect(dry.difference.some((line: string) => line.startsWith('-'))).toBe(false)
          expect(dry.difference).toContain('+ hooks = true')
          expect(await machine.json(['bootstrap', '--managed'], 1)).toMatchObject({
            error_code: 'not-confirmed',
          })
          expect(await file()).toBe(rules)

          await machine.json(['bootstrap', '--managed', '--trust'])
          expect((await file()).startsWith(rules)).toBe(true)
          const owned = await machine.run([
            'find',
            '/usr/local/lib/autonomous-loop',
            requirements,
            '(',
            '!',
            '-uid',
            '0',
            '-o',
            '-perm',
            '/022',
            ')',
          ])
          expect(owned.stdout).toBe('')
          expect(await trust()).toEqual([true, 'managed'])
          // Untrusted ones in hooks.json would only say everything twice.
          const hooksJson = path.join(lab.codexHome, 'hooks.json')
          expect(fs.existsSync(hooksJson)).toBe(true)
          const again = await machine.json(['bootstrap'])
          expect(again.hooks.map((hook: { trust: string }) => hook.trust)).toEqual(Array(6).fill('managed'))
          expect(fs.existsSync(hooksJson)).toBe(false)
          await machine.json(['install-repo', '--repo', lab.repo])
          expect(await machine.json(['doctor'])).toMatchObject({ ok: true })

          // A user who never bootstrapped: nothing happens, nothing is left.
          if (long) {
            const other = path.join(lab.dir, 'other')
            fs.mkdirSync(other)
            fs.copyFileSync(path.join(lab.codexHome, 'config.toml'), path.join(other, 'config.toml'))
            const stranger = await machine.run([lab.codexPath, 'exec', 'hello'], { CODEX_HOME: other })
            expect([stranger.code, stranger.stdout.trim()]).toEqual([0, 'Hello.'])
            expect(stranger.stderr).not.toContain('Failed')
            expect(fs.existsSync(path.join(other, 'autoloop'))).toBe(false)
          }

          const exec = await machine.run([
            lab.codexPath,
            'exec',
            '--disable',
            'hooks',
            '-c',
            'features.hooks=false',
            'write the greeting',
          ])
          expect(exec.code).toBe(0)
          expect(blocks(lab)).toHaveLength(1)
          expect(blocks(lab)[0]).toContain('T1')
          expect((await machine.json(['status'])).sessions).toMatchObject([{ state: 'released' }])

          await machine.json(['uninstall', '--managed', '--force'])
          expect(await file()).toBe(rules)
          expect(await trust()).toEqual([false, 'missing'])
          if (!long) return
          await machine.json(['bootstrap', '--trust'])
          expect(await trust()).toEqual([true, 'trusted'])
        })
      },
    )
    expect(fs.existsSync(requirements) ? fs.readFileSync(requirements, 'utf8') : null).toBe(before)
  },
  120_000,
)
