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
  inputTexts,
  jsonIn,
  message,
  onlyRun,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

/*
 * Trust belongs to a position, for each event by itself: another tool's Stop hook that comes or goes takes it from ours, while
 * our other hooks go on and report in. A session like that is never called armed or proven.
 */

const work = 'mkdir -p src && printf hello > src/greeting.txt'
const theirs = { hooks: [{ type: 'command', command: 'true' }] }
const text = (lab: Installed, name: string) => fs.readFileSync(path.join(lab.codexHome, name), 'utf8')
const put = (lab: Installed, name: string, content: string) =>
  fs.writeFileSync(path.join(lab.codexHome, name), content)

function changeStop(lab: Installed, change: (groups: unknown[]) => unknown[]): void {
  const file = JSON.parse(text(lab, 'hooks.json')) as { hooks: { Stop: unknown[] } }
  file.hooks.Stop = change(file.hooks.Stop)
  put(lab, 'hooks.json', JSON.stringify(file))
}
const switchTo = (on: boolean) => (lab: Installed) => {
  const config = text(lab, 'config.toml').replaceAll(/^enabled = (?:true|false)\n/gm, '')
  const opened = config.replace(/\[hooks\.state\."[^"]*:stop:0:0"\]\n/, `$&enabled = ${on}\n`)
  put(lab, 'config.toml', opened)
}

const ways = [
  {
    way: 'a group in front of ours',
    before: [],
    change: (lab: Installed) => changeStop(lab, (groups) => [theirs, ...groups]),
    state: 'untrusted',
    fix: 'autonomous-loop bootstrap --trust',
  },
  {
    way: 'a group before ours taken away',
    before: [theirs],
    change: (lab: Installed) => changeStop(lab, (groups) => groups.slice(1)),
    state: 'untrusted',
    fix: 'autonomous-loop bootstrap --trust',
  },
  {
    way: 'ours deleted',
    before: [],
    change: (lab: Installed) => changeStop(lab, () => []),
    state: 'missing',
    fix: 'autonomous-loop bootstrap --trust',
  },
  {
    way: 'ours switched off',
    before: [],
    change: switchTo(false),
    mend: switchTo(true),
    state: 'disabled',
    fix: '/hooks',
  },
]

describe.each(long ? codexVersions : [currentCodex])('codex %s', (version) => {
  test.each(sampleOf(ways, ways.length))(
    '$way: not armed, not proven, told with the fix; mended, it holds again',
    async ({ before, change, mend, state, fix }) => {
      await withInstalled(
        {
          version,
          hooks: { hooks: { Stop: before } },
          script: ({ enableCommand }) =>
            inOrder(
              [message('Not armed.')],
              [execCommand(enableCommand)],
              [message('Unheld.')],
              [message('Done?')],
              [execCommand(work)],
              [message('Done.')],
            ),
        },
        async (lab) => {
          expect((await lab.json(['status', '--cwd', lab.repo])).stop_hook).toMatchObject({ runs: true })
          change(lab)

          const prompted = await lab.codex(['exec', '$autonomous-loop write the greeting'])
          // Codex itself does not run it, while the other hooks go on.
          expect(prompted.stderr).toContain('hook: UserPromptSubmit Completed')
          expect(prompted.stderr).not.toContain('hook: Stop')
          const told = inputTexts(lab.requests[0] ?? { body: {} }).join('\n')
          expect(told).toContain('NOT armed')
          expect(told).toContain('Codex does not run our Stop hook')
          expect(told).toContain(fix)
          const status = await lab.json(['status', '--cwd', lab.repo])
          expect(status).toMatchObject({ sessions: [], stop_hook: { state, runs: false } })
          expect(status.stop_hook.fix).toContain(fix)
          expect((await lab.json(['doctor', '--cwd', lab.repo], 1)).checks.enforced).toMatchObject({
            ok: false,
          })

          await lab.codex(['exec', 'write the greeting'])
          const answer = jsonIn(toolOutputs(lab)[0] ?? '')
          expect(answer).toMatchObject({ activation_mode: 'spooled', enforced: 'unproven', stop_hook: state })
          expect(answer.warning).toContain(fix)

          if (mend) mend(lab)
          else await lab.json(['bootstrap', '--trust'])
          const held = await lab.codex(['exec', '$autonomous-loop write the greeting'])
          expect(held.stderr).toContain('hook: Stop Blocked')
          expect(blocks(lab)).toHaveLength(1)
          expect(await onlyRun(lab)).toMatchObject({ state: 'released', armed_by: 'prompt' })
        },
      )
    },
    120_000,
  )
})

test('a run is open when the hook goes: the next prompt and the next start say that nothing holds it', async () => {
  await withInstalled(
    { script: () => inOrder([message('One.')], [message('Two.')], [message('Three.')], [message('Four.')]) },
    async (lab) => {
      const app = await startAppServer(lab)
      const started = await app.call('thread/start', { cwd: lab.repo, approvalPolicy: 'never' })
      const threadId: string = started.thread.id
      const turn = async (words: string) => {
        const { turn: begun } = await app.call('turn/start', {
          threadId,
          input: [{ type: 'text', text: words }],
        })
        await app.told('turn/completed', ({ turn: ended }) => ended.id === begun.id)
      }
      const notes =
        (event: string) => (params: { run: { eventName: string; entries: { text: string }[] } }) =>
          params.run.eventName === event && params.run.entries.some((entry) => entry.text.includes('NOT'))
      await turn('hello')
      await lab.json([
        'request',
        'enable',
        '--cwd',
        lab.repo,
        '--session-id',
        threadId,
        '--objective',
        'x',
        '--max-stop-iterations',
        '1',
      ])
      changeStop(lab, (groups) => [theirs, ...groups])
      const unproven = await lab.json([
        'request',
        'enable',
        '--cwd',
        lab.repo,
        '--session-id',
        threadId,
        '--objective',
        'x',
        '--task-json',
        '{"id":"T9","title":"t","evidence":[{"kind":"pathExists","path":"never"}]}',
      ])
      expect(unproven).toMatchObject({ enforced: 'unproven', stop_hook: 'untrusted' })
      await turn('go on')
      const atPrompt = await app.told('hook/completed', notes('userPromptSubmit'))
      expect(JSON.stringify(atPrompt)).toContain('the open contract is NOT enforced')
      await app.close()

      const resumed = await lab.codex(['exec', 'resume', threadId, 'and on'])
      expect(resumed.stderr).not.toContain('hook: Stop')
      const context = inputTexts(lab.requests.at(-1) ?? { body: {} }).join('\n')
      expect(context).toContain('the open contract is NOT enforced here')
      expect(context).toContain('autonomous-loop bootstrap --trust')
      expect((await lab.json(['status', '--cwd', lab.repo])).unheld_sessions).toEqual([threadId])
      expect((await lab.json(['doctor', '--cwd', lab.repo], 1)).checks.open_runs).toMatchObject({
        ok: false,
        remediation: `codex resume ${threadId}`,
      })
    },
  )
}, 120_000)

if (long)
  test('a thread goes on with what Codex saw at its start: mended files do not arm it, a new start does', async () => {
    await withInstalled(
      { script: () => inOrder([message('One.')], [message('Two.')], [message('Done?')], [message('Done.')]) },
      async (lab) => {
        changeStop(lab, (groups) => [theirs, ...groups])
        const app = await startAppServer(lab)
        const started = await app.call('thread/start', { cwd: lab.repo, approvalPolicy: 'never' })
        const threadId: string = started.thread.id
        const turn = async (words: string) => {
          const { turn: begun } = await app.call('turn/start', {
            threadId,
            input: [{ type: 'text', text: words }],
          })
          await app.told('turn/completed', ({ turn: ended }) => ended.id === begun.id)
        }
        await turn('hello')
        await lab.json(['bootstrap', '--trust'])
        await turn('$autonomous-loop write the greeting')
        const told = inputTexts(lab.requests.at(-1) ?? { body: {} }).join('\n')
        expect(told).toContain('NOT armed')
        expect(told).toContain(`codex resume ${threadId}`)
        await app.close()

        await lab.codex(['exec', 'resume', threadId, '$autonomous-loop write the greeting'])
        expect(blocks(lab).length).toBeGreaterThan(0)
        expect(await onlyRun(lab)).toMatchObject({ session_id: threadId, armed_by: 'prompt' })
      },
    )
  }, 120_000)

if (long)
  test('trust that is bypassed for one call does not count as missing, a hook that is switched off does', async () => {
    await withInstalled(
      {
        trust: false,
        script: () => inOrder([message('Done?')], [execCommand(work)], [message('Done.')], [message('Off.')]),
      },
      async (lab) => {
        const bypassed = ['exec', '--dangerously-bypass-hook-trust', '$autonomous-loop write the greeting']
        await lab.codex(bypassed)
        expect(blocks(lab)).toHaveLength(1)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })

        put(
          lab,
          'config.toml',
          `${text(lab, 'config.toml')}\n[hooks.state."${lab.codexHome}/hooks.json:stop:0:0"]\nenabled = false\n`,
        )
        const off = await lab.codex(bypassed)
        expect(off.stderr).not.toContain('hook: Stop')
        expect(inputTexts(lab.requests.at(-1) ?? { body: {} }).join('\n')).toContain('NOT armed')
      },
    )
  }, 120_000)
