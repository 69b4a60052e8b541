import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { startAppServer } from '../rig/app-server.ts'
import {
  type Installed,
  blocks,
  codexVersions,
  currentCodex,
  execCommand,
  inOrder,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long } from '../rig/long.ts'

/* A release is provisional until a person goes on: what the real Codex does after it by itself is judged again. */

const work = 'mkdir -p src && printf hello > src/greeting.txt'
const breakIt = 'printf broken > src/greeting.txt'
const armed = (lab: Installed): string[] => fs.readdirSync(path.join(lab.home, 'armed'))
const check = (lab: Installed, code: number): Promise<{ not_released: string | null }> =>
  lab.json(['status', '--cwd', lab.repo, '--check', '--json'], code)
const eventTypes = async (lab: Installed): Promise<string[]> => {
  const { events } = await lab.json(['events', '--cwd', lab.repo, '--json'])
  return (events as { type: string }[]).map((event) => event.type)
}

/** Blocks the first stop that it hears of, whatever ours says to it. */
const foreign =
  '[ -e "$CODEX_HOME/blocked" ] || { : > "$CODEX_HOME/blocked"; echo \'{"decision":"block","reason":"Polish it."}\'; }'

describe.each(long ? codexVersions : [currentCodex])('codex %s', (version) => {
  test('another Stop hook blocks the released stop: the same turn goes on, and is judged again', async () => {
    await withInstalled(
      {
        version,
        hooks: { hooks: { Stop: [{ hooks: [{ type: 'command', command: foreign }] }] } },
        script: ({ enableCommand }) =>
          inOrder(
            [execCommand(enableCommand)],
            [execCommand(work)],
            [message('Done.')],
            [execCommand(breakIt)],
            [message('Polished.')],
            [execCommand(work)],
            [message('Done again.')],
          ),
      },
      async (lab) => {
        const ended = await lab.codex(['exec', '--dangerously-bypass-hook-trust', 'write the greeting'])
        expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Done again.') })
        const [theirs, ours, ...more] = blocks(lab)
        expect(theirs).toContain('Polish it.')
        expect(ours).toContain('you went on after its release')
        expect(ours).toContain('GREETING-CHECK expected hello, got broken')
        expect(more).toEqual([])
        expect(await onlyRun(lab)).toMatchObject({ state: 'released', release: 'provisional', iteration: 1 })
        expect(await eventTypes(lab)).toEqual(['activated', 'stop', 'reopened', 'stop', 'stop'])
      },
    )
  })

  if (long)
    test('its own goal is paused at the release; taken up again, it opens the run, and what it breaks is a block', async () => {
      await withInstalled(
        {
          version,
          script: ({ enableCommand }) =>
            inOrder(
              [execCommand(enableCommand)],
              [execCommand(work)],
              [message('Done.')],
              [execCommand(breakIt)],
              [message('More done.')],
              [execCommand(work)],
              [message('All done.')],
            ),
        },
        async (lab) => {
          const client = await startAppServer(lab)
          try {
            const { thread } = await client.call('thread/start', {
              cwd: lab.repo,
              approvalPolicy: 'never',
              sandbox: 'workspace-write',
            })
            const pursue = (more: object) => client.call('thread/goal/set', { threadId: thread.id, ...more })
            const status = async (): Promise<string> =>
              (await client.call('thread/goal/get', { threadId: thread.id })).goal.status
            await pursue({ objective: 'Write the greeting' })
            await client.told('turn/completed')
            expect(await status()).toBe('paused')
            expect(await onlyRun(lab)).toMatchObject({ state: 'released', release: 'provisional' })
            expect(blocks(lab)).toEqual([])

            await pursue({ status: 'active' })
            await client.told('turn/completed', () => client.count('turn/completed') === 2)
            expect(blocks(lab)).toEqual([
              expect.stringContaining('GREETING-CHECK expected hello, got broken'),
            ])
            expect(await status()).toBe('paused')
            expect(client.count('turn/started')).toBe(2)
            expect(await onlyRun(lab)).toMatchObject({ state: 'released', release: 'provisional', stops: 3 })
            expect(await eventTypes(lab)).toContain('reopened')
          } finally {
            await client.close()
          }
        },
      )
    })
})

const once = ({ enableCommand }: { readonly enableCommand: string }) =>
  inOrder(
    [execCommand(enableCommand)],
    [execCommand(work)],
    [message('Done.')],
    [execCommand(breakIt)],
    [message('As you like.')],
  )

test('a person prompts after the release: final, and nothing holds what they ask for', async () => {
  await withInstalled({ script: once }, async (lab) => {
    await lab.codex(['exec', 'write the greeting'])
    expect(await onlyRun(lab)).toMatchObject({ state: 'released', release: 'provisional' })
    expect(armed(lab)).toHaveLength(1)
    const again = await lab.codex(['exec', 'resume', '--last', 'break it, please'])
    expect(again.stdout.trim()).toBe('As you like.')
    expect(blocks(lab)).toEqual([])
    expect(await onlyRun(lab)).toMatchObject({ state: 'released', release: 'final', stops: 1 })
    expect(armed(lab)).toEqual([])
    expect(await check(lab, 0)).toMatchObject({ not_released: null })
  })
})

if (long)
  test('a person edits after the release and then prompts: named, and not opened again', async () => {
    await withInstalled({ script: once }, async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      lab.write('src/greeting.txt', 'good day')
      await lab.codex(['exec', 'resume', '--last', 'break it, please'])
      expect(blocks(lab)).toEqual([])
      const run = await onlyRun(lab)
      expect(run).toMatchObject({ state: 'released', release: 'final' })
      expect(run.release_note).toContain('not by a turn of the agent: src/greeting.txt')
      expect(await eventTypes(lab)).toEqual(['activated', 'stop', 'session', 'finalised'])
      // No finding: it is the person's own repository.
      const { sessions } = await lab.json(['audit', '--cwd', lab.repo, '--json'])
      expect(sessions).toMatchObject([
        { findings: [], acts: [{}, { what: 'changed after release', reason: 'src/greeting.txt' }] },
      ])
    })
  })

describe('status --check', () => {
  if (long)
    test('of a release that looks as it was is 0, and makes it final', async () => {
      await withInstalled({ script: once }, async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        expect(await check(lab, 0)).toMatchObject({ not_released: null })
        expect(await onlyRun(lab)).toMatchObject({ release: 'final' })
        expect(armed(lab)).toEqual([])
      })
    })

  test('of one that cannot be looked at is 4, with why; looked at again, 0', async () => {
    await withInstalled({ script: once }, async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      const { session_id: id } = await onlyRun(lab)
      fs.renameSync(lab.repo, `${lab.repo}-away`)
      const blind = await lab.cli(['status', id, '--check', '--json'], { cwd: lab.dir })
      expect(blind.code).toBe(4)
      expect(JSON.parse(blind.stdout).not_released).toContain(lab.repo)
      expect(armed(lab)).toHaveLength(1)
      fs.renameSync(`${lab.repo}-away`, lab.repo)
      await check(lab, 0)
    })
  })

  if (long)
    test('asked by an agent, it answers and leaves the release provisional', async () => {
      await withInstalled({ script: once }, async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        const asked = await lab.cli(['status', '--cwd', lab.repo, '--check'], { env: { CODEX_CI: '1' } })
        expect(asked.code).toBe(0)
        expect(await onlyRun(lab)).toMatchObject({ release: 'provisional' })
      })
    })
})

if (long)
  test('exec answers for a release that it has looked at', async () => {
    await withInstalled({ script: once }, async (lab) => {
      const ended = await lab.cli(['exec', '--', lab.codexPath, 'exec', 'write the greeting'])
      expect(ended.code).toBe(0)
      expect(await onlyRun(lab)).toMatchObject({ state: 'released', release: 'final' })
      expect(armed(lab)).toEqual([])
    })
  })

if (long)
  test('while a release is provisional, nothing counts it as open', async () => {
    await withInstalled({ script: once }, async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      const { checks } = await lab.json(['doctor', '--cwd', lab.repo])
      expect(checks.open_runs).toMatchObject({ ok: true, open: [] })
      const left = await lab.json(['uninstall'])
      expect(left).toMatchObject({ ok: true })
    })
  })
