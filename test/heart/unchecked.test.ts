import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { type Client, startAppServer } from '../rig/app-server.ts'
import {
  type Answer,
  type Installed,
  type ModelAnswer,
  execCommand,
  inOrder,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

/*
 * Every way a turn of the real Codex can end without a verdict is told: in `status` at once, at the next prompt to the
 * person, and in the record of the run.
 */

/** A command that says that it runs and then stays. */
const lasting = execCommand('mkdir -p src; : > src/running; sleep 600')
/** A gate does so in a cache: what it writes in its tree nobody else sees. */
const lastingGate = `import fs from 'node:fs'
fs.writeFileSync(process.env.HOME + '/.npm/_cacache/running', '')
setInterval(() => {}, 1000)
`
const limit: ModelAnswer = {
  status: 429,
  body: { error: { type: 'usage_limit_reached', message: 'no more' } },
}

interface Session {
  readonly lab: Installed
  readonly app: Client
  /** Begins a turn; its id. */
  readonly start: (words: string) => Promise<string>
  readonly ended: (turn: string) => Promise<string>
  readonly interrupt: (turn: string) => Promise<void>
}

async function inSession(
  answers: (enable: string) => readonly ModelAnswer[],
  use: (session: Session) => Promise<void>,
): Promise<void> {
  const rest = Array.from({ length: 6 }, (): ModelAnswer => [message('Done.')])
  const script = ({ enableCommand }: { enableCommand: string }) => inOrder(...answers(enableCommand), ...rest)
  await withInstalled({ script }, async (lab) => {
    fs.mkdirSync(path.join(lab.userHome, '.npm/_cacache'), { recursive: true })
    const app = await startAppServer(lab)
    try {
      const started = await app.call('thread/start', {
        cwd: lab.repo,
        approvalPolicy: 'never',
        sandbox: 'danger-full-access',
      })
      const threadId: string = started.thread.id
      const ended: Session['ended'] = async (turn) =>
        (await app.told('turn/completed', (params) => params.turn.id === turn)).turn.status
      await use({
        lab,
        app,
        start: async (words) => {
          const input = [{ type: 'text', text: words }]
          return (await app.call('turn/start', { threadId, input })).turn.id
        },
        ended,
        interrupt: async (turn) => {
          await app.call('turn/interrupt', { threadId, turnId: turn })
          expect(await ended(turn)).toBe('interrupted')
        },
      })
    } finally {
      await app.close()
    }
  })
}

const running = async (lab: Installed): Promise<void> => {
  const places = [path.join(lab.repo, 'src/running'), path.join(lab.userHome, '.npm/_cacache/running')]
  while (!places.some((file) => fs.existsSync(file))) await pause(20)
}
/** What a hook of the next prompt tells the person. */
const told = async ({ app }: Session, why: string): Promise<void> => {
  const says = ({ run }: Answer): boolean =>
    run.eventName === 'userPromptSubmit' &&
    run.entries.some(({ text }: { text: string }) => text.includes(why))
  await app.told('hook/completed', says)
}
const unjudged = async (lab: Installed): Promise<string[]> =>
  (await lab.json(['events', '--json'])).events.filter(({ type }: Answer) => type === 'unjudged')

const ways: readonly (readonly [
  name: string,
  answers: (enable: string) => readonly ModelAnswer[],
  end: (session: Session) => Promise<void>,
  why: string,
])[] = [
  [
    'the arming turn is interrupted',
    () => [[lasting]],
    async ({ lab, start, interrupt }) => {
      const turn = await start('$autonomous-loop write the greeting')
      await running(lab)
      await interrupt(turn)
    },
    'it was interrupted',
  ],
  [
    'the turn that an agent armed in is interrupted',
    (enable) => [[execCommand(enable)], [lasting]],
    async ({ lab, start, interrupt }) => {
      const turn = await start('write the greeting')
      await running(lab)
      await interrupt(turn)
    },
    'it was interrupted',
  ],
  [
    'a turn is interrupted after a block',
    () => [[message('Done.')], [lasting]],
    async ({ lab, start, interrupt }) => {
      const turn = await start('$autonomous-loop write the greeting')
      await running(lab)
      await interrupt(turn)
    },
    'it was interrupted',
  ],
  [
    'a turn is interrupted while its gate runs',
    () => [[execCommand('mkdir -p src; printf hello > src/greeting.txt')], [message('Done.')]],
    async ({ lab, start, interrupt }) => {
      lab.write('test/check.js', lastingGate)
      const turn = await start('$autonomous-loop write the greeting')
      await running(lab)
      await interrupt(turn)
    },
    'it was interrupted',
  ],
  [
    'the service says no',
    () => [limit],
    async ({ start, ended }) =>
      expect(await ended(await start('$autonomous-loop write the greeting'))).toBe('failed'),
    'an error ended it (You’ve hit your usage limit',
  ],
  [
    'the Stop hook cannot be started, because the directory is away',
    () => [[execCommand('mv "$PWD" "$PWD.away"')], [message('Done.')]],
    async ({ lab, app, start, ended }) => {
      expect(await ended(await start('$autonomous-loop write the greeting'))).toBe('completed')
      await app.told('hook/completed', ({ run }) => run.eventName === 'stop' && run.status === 'failed')
      fs.renameSync(`${lab.repo}.away`, lab.repo)
    },
    'Codex got no answer from the Stop hook',
  ],
]

test.each(sampleOf(ways, 3, 2))(
  '%s',
  async (name, answers, end, why) => {
    await inSession(answers, async (session) => {
      const { lab, start, ended } = session
      await end(session)
      const run = await onlyRun(lab)
      expect(run).toMatchObject({
        state: 'active',
        live: true,
        unchecked_turn: expect.stringContaining(why),
        next: expect.stringContaining('go on with it'),
      })
      const { stdout } = await lab.cli(['status', '--text'])
      expect(stdout).toContain(`ended without a check: ${why}`)
      if (name.includes('gate')) lab.git('checkout', '-q', 'test/check.js')
      const next = await start('go on')
      await told(session, `the last turn ended without a check: ${why}`)
      await ended(next)
      expect(await unjudged(lab)).toMatchObject([{ text: expect.stringContaining(why) }])
      // Judged since, to whatever end.
      expect(await onlyRun(lab)).toMatchObject({ unchecked_turn: null, last_verdict: expect.any(String) })
    })
  },
  60_000,
)

if (long)
  test('exec says it at its end', async () => {
    await withInstalled({ script: () => inOrder(limit) }, async (lab) => {
      const prompt = '$autonomous-loop write the greeting'
      const said = await lab.cli(['exec', '--text', '--', lab.codexPath, 'exec', prompt])
      expect(said.stderr).toContain('The last turn ended without a check: an error ended it (You’ve hit your')
    })
  })

if (long)
  test('while the directory is away, no hook hears the person; from another one status tells and disable works', async () => {
    const away = execCommand('mv "$PWD" "$PWD.away"')
    await inSession(
      () => [[away]],
      async ({ lab, app, start, ended }) => {
        await ended(await start('$autonomous-loop write the greeting'))
        await ended(await start('autonomous-loop disable'))
        await app.told(
          'hook/completed',
          ({ run }) => run.eventName === 'userPromptSubmit' && run.status === 'failed',
        )
        const elsewhere = async (...words: string[]): Promise<Answer> =>
          JSON.parse((await lab.cli(words, { cwd: '/' })).stdout)
        const [run] = (await elsewhere('status', '--all')).sessions
        expect(run).toMatchObject({
          state: 'active',
          unchecked_turn: expect.stringContaining('no answer from the Stop hook'),
        })
        expect(await elsewhere('disable', run.run_id.slice(0, 12))).toMatchObject({ state: 'disabled' })
      },
    )
  }, 60_000)
