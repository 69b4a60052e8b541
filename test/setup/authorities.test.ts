import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { startAppServer } from '../rig/app-server.ts'
import {
  codexBinary,
  currentCodex,
  functionCall,
  message,
  oldestCodex,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const idle = () => () => [message('Done.')]
const blocking = (word: string) => ({
  hooks: { Stop: [{ hooks: [{ type: 'command', command: `echo ${word} >/dev/null` }] }] },
})

test('other hooks that answer at a stop are named with whose they are', async () => {
  await withInstalled(
    { script: idle, hooks: blocking('the-users'), repoFiles: { 'a.txt': 'a' } },
    async (lab) => {
      lab.write('.codex/hooks.json', JSON.stringify(blocking('the-projects')))
      // An untrusted hook answers nothing.
      expect((await lab.json(['doctor'], 1)).checks.competing_stop_hooks).toMatchObject({ ok: true })
      const client = await startAppServer(lab)
      try {
        const listed = await client.call('hooks/list', { cwds: [lab.repo] })
        const foreign = listed.data[0].hooks.filter(
          (hook: { trustStatus: string }) => hook.trustStatus === 'untrusted',
        )
        expect(foreign).toHaveLength(2)
        await client.call('config/batchWrite', {
          edits: foreign.map((hook: { key: string; currentHash: string }) => ({
            keyPath: `hooks.state.${JSON.stringify(hook.key)}.trusted_hash`,
            value: hook.currentHash,
            mergeStrategy: 'upsert',
          })),
        })
      } finally {
        await client.close()
      }
      const { competing_stop_hooks: check } = (await lab.json(['doctor'], 1)).checks
      expect(check).toMatchObject({ ok: false, advisory: true })
      expect(check.hooks.map((hook: { from: string; command: string }) => [hook.from, hook.command])).toEqual(
        [
          ['user', expect.stringContaining('the-users')],
          ['project', expect.stringContaining('the-projects')],
        ],
      )
      expect(check.reason).toContain('project: echo the-projects')
    },
  )
})

if (long)
  test('a hook of a plugin is named with its plugin, also when it is switched off', async () => {
    await withInstalled({ script: idle, repoFiles: { 'a.txt': 'a' } }, async (lab) => {
      const market = path.join(lab.dir, 'market')
      const files = {
        '.agents/plugins/marketplace.json': {
          name: 'corner',
          plugins: [{ name: 'loud', source: { source: 'local', path: './plugins/loud' } }],
        },
        'plugins/loud/.codex-plugin/plugin.json': { name: 'loud', version: '1.0.0', description: 'loud' },
        'plugins/loud/hooks/hooks.json': blocking('the-plugins'),
      }
      for (const [name, content] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(market, name)), { recursive: true })
        fs.writeFileSync(path.join(market, name), JSON.stringify(content))
      }
      for (const args of [
        ['plugin', 'marketplace', 'add', market],
        ['plugin', 'add', 'loud@corner'],
      ])
        expect(await lab.codex(args)).toMatchObject({ code: 0 })
      const competing = async () => (await lab.json(['doctor'], 1)).checks.competing_stop_hooks
      expect(await competing()).toMatchObject({ ok: true, hooks: [], disabled: [] })

      const client = await startAppServer(lab)
      const set = (key: string, name: string, value: unknown) =>
        client.call('config/batchWrite', {
          edits: [
            {
              keyPath: `hooks.state.${JSON.stringify(key)}.${name}`,
              value,
              mergeStrategy: 'upsert' as const,
            },
          ],
        })
      try {
        const listed = await client.call('hooks/list', { cwds: [lab.repo] })
        const hook = listed.data[0].hooks.find(({ key }: { key: string }) => key.startsWith('loud@corner:'))
        const named = { key: hook.key, command: hook.command, from: 'plugin loud@corner' }
        await set(hook.key, 'trusted_hash', hook.currentHash)
        expect(await competing()).toMatchObject({
          ok: false,
          reason: expect.stringContaining('plugin loud@corner: echo the-plugins'),
          hooks: [named],
          disabled: [],
        })
        await set(hook.key, 'enabled', false)
        expect(await competing()).toMatchObject({ ok: true, hooks: [], disabled: [named] })
      } finally {
        await client.close()
      }
    })
  })

test('one hook of ours that a person switched off is named, and how to have it back', async () => {
  await withInstalled({ script: idle }, async (lab) => {
    const enforced = async (code: number) => (await lab.json(['doctor'], code)).checks.enforced
    const { hooks } = await enforced(0)
    const stop = hooks.find((hook: { event: string }) => hook.event === 'Stop')
    const client = await startAppServer(lab)
    try {
      const keyPath = `hooks.state.${JSON.stringify(stop.key)}.enabled`
      await client.call('config/batchWrite', {
        edits: [{ keyPath, value: false, mergeStrategy: 'upsert' }],
      })
    } finally {
      await client.close()
    }
    expect(await enforced(1)).toMatchObject({
      ok: false,
      reason: 'Codex does not run: Stop (disabled)',
      remediation: 'enable them in Codex: /hooks',
    })
  })
})

if (long)
  test('a project with a config of its own that Codex does not trust', async () => {
    await withInstalled({ script: idle, trustProject: false, repoFiles: { 'a.txt': 'a' } }, async (lab) => {
      const trust = async () => (await lab.json(['doctor'], 1)).checks.project_trust
      expect(await trust()).toMatchObject({ ok: true, trusted: null })
      lab.write('.codex/config.toml', '')
      expect(await trust()).toMatchObject({
        ok: false,
        advisory: true,
        reason: expect.stringContaining('.codex/config.toml'),
      })
    })
  })

if (long)
  test('a goal that is active in a session with an open run', async () => {
    const asked = deferred()
    const looked = deferred()
    await withInstalled(
      {
        script: () => async (request) => {
          if (request.index === 0) return [functionCall('create_goal', { objective: 'go on for ever' })]
          asked.resolve()
          await looked.promise
          return { status: 500, body: {} }
        },
      },
      async (lab) => {
        expect((await lab.json(['doctor'])).checks.active_goal).toMatchObject({ ok: true })
        const codex = lab.startCodex(['exec', '$autonomous-loop write the greeting'])
        try {
          await asked.promise
          const { session_id } = await onlyRun(lab)
          expect((await lab.json(['doctor'])).checks.active_goal).toMatchObject({
            ok: false,
            advisory: true,
            sessions: [session_id],
          })
          const pause = () => lab.json(['goal-pause', '--session-id', session_id])
          expect(await pause()).toMatchObject({ before: 'active', after: 'paused' })
          expect((await lab.json(['doctor'])).checks.active_goal).toMatchObject({ ok: true })
          expect(await pause()).toMatchObject({ before: 'paused', after: 'paused' })
        } finally {
          looked.resolve()
          await codex.done
        }
      },
    )
  })

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

if (long)
  test('a Codex that still runs is another than the one on PATH', async () => {
    await withInstalled({ script: idle }, async (lab) => {
      const before = (await lab.json(['doctor'])).checks.running_codex
      expect(before).toMatchObject({ ok: true, running: [] })
      const old = spawn(codexBinary(oldestCodex), ['app-server'], {
        cwd: lab.repo,
        env: lab.env(),
        stdio: 'pipe',
      })
      try {
        const clientInfo = { name: 'x', title: 'x', version: '0' }
        old.stdin.write(`${JSON.stringify({ id: 1, method: 'initialize', params: { clientInfo } })}\n`)
        await once(old.stdout, 'data')
        const { running_codex: check } = (await lab.json(['doctor'])).checks
        expect(check).toMatchObject({
          ok: false,
          advisory: true,
          running: [{ pid: old.pid, version: `${oldestCodex}.0`, daemon: false }],
          reason: expect.stringContaining(`${currentCodex}.0`),
        })
      } finally {
        old.stdin.end()
        await once(old, 'close')
      }
    })
  })

if (long)
  test('the try of the sandbox leaves nothing in the repository', async () => {
    await withInstalled({ script: idle }, async (lab) => {
      const before = fs.readdirSync(lab.repo)
      expect((await lab.json(['doctor'])).checks.gate_sandbox).toMatchObject({ ok: true })
      expect(fs.readdirSync(lab.repo)).toEqual(before)
    })
  })
