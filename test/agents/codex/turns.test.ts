import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import type { AgentEvent, Turn } from '../../../src/agents/agent.ts'
import { answerForm } from '../../../src/agents/answer-form.ts'
import { findTranscripts } from '../../../src/codex/transcript/find.ts'
import type { ModelItem } from '../../../src/prove/model/items.ts'
import type { ModelAnswer, ModelScript } from '../../../src/prove/model/scripted-model.ts'
import { execCommand, functionCall, inOrder, inputTexts, message } from '../../rig/codex.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { long, sampleOf } from '../../rig/long.ts'
import { watch } from '../rig.ts'
import { type CodexLab, makeCodexLab } from './rig.ts'

/* Turns of the real Codex as an agent, without a batch around them. */

let lab: CodexLab | undefined
afterEach(async () => lab?.close())

const versions = long ? codexVersions : [currentCodex]
const done = message('{"status":"complete","summary":"","proposal":null}')
const complete = { kind: 'finished', answer: { status: 'complete', summary: '' } }

const conversationOf = (events: readonly AgentEvent[]): string =>
  events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : [])).at(-1) ?? ''
const tokensOf = (events: readonly AgentEvent[]): number | undefined =>
  events.flatMap((one) => (one.kind === 'usage' ? [one.tokens] : [])).at(-1)
const turn = (more: Partial<Turn> = {}): Turn => ({ ...lab!.turn, ...more })
const limits = (silentMs: number, lengthMs = 60_000): Pick<Turn, 'limits'> => ({
  limits: { silentMs, lengthMs, graceMs: 5000 },
})

test.each(versions)(
  '%s: ended in the middle of a command, the same conversation goes on, and no token is lost',
  async (version) => {
    lab = await makeCodexLab(
      inOrder(
        [execCommand('echo begun > src.txt; sleep 60')],
        { items: [done], tokens: 700 },
        { items: [done], tokens: 30 },
      ),
      { version },
    )
    const first = watch(lab.codex(), turn())
    await first.wrote(path.join(lab.workspace, 'src.txt'))
    first.stop('soft')
    expect(await first.outcome).toEqual({ kind: 'stopped' })
    const id = conversationOf(first.events)
    lab.say('Go on.\n')
    // Whoever was to record the tokens of the first turn was killed.
    const second = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 0 }))
    expect(await second.outcome).toEqual(complete)
    expect(conversationOf(second.events)).toBe(id)
    expect(tokensOf(second.events)).toBe(715)
    const seen = inputTexts(lab.model.requests[1]!).join('\n')
    expect(seen).toContain('You work on one item')
    expect(seen).toContain('sleep 60')
    expect(seen).toContain('Go on.')
    const third = watch(lab.codex(), turn({ turn: 3, conversation: id, spent: 715 }))
    expect(await third.outcome).toEqual(complete)
    expect(tokensOf(third.events)).toBe(30)
  },
)

test('a command that runs is no silence', async () => {
  lab = await makeCodexLab(inOrder([execCommand('sleep 10')], [done]))
  expect(await watch(lab.codex(), turn(limits(8000))).outcome).toEqual(complete)
})

// Codex would wait for an hour, or for ever.
const services: readonly (readonly [string, ModelAnswer])[] = [
  ['says nothing', { items: [], delayMs: 10 * 60_000 }],
  ['asks for an hour', { status: 429, body: {}, headers: { 'retry-after': '3600' } }],
]

if (long)
  test.each(versions.flatMap((version) => services.map((row) => [version, ...row] as const)))(
    '%s: our clock wins over a service that %s',
    async (version, _name, answer) => {
      lab = await makeCodexLab(() => answer, { version, retries: 5 })
      expect(await watch(lab.codex(), turn(limits(8000))).outcome).toEqual({ kind: 'silent' })
      expect(lab.model.requests.length).toBe(1)
    },
  )

if (long)
  test.each(versions)(
    '%s: a conversation that Codex does not know: a new one, that is told',
    async (version) => {
      lab = await makeCodexLab(inOrder([done]), { version })
      const unknown = '01a22990-bfac-75d1-948c-ab23f36c12c5'
      const run = watch(lab.codex(), turn({ conversation: unknown, spent: 99 }))
      expect(await run.outcome).toEqual(complete)
      const id = conversationOf(run.events)
      expect(id).toMatch(/^[0-9a-f-]{36}$/)
      expect(id).not.toBe(unknown)
      expect(tokensOf(run.events)).toBe(15)
      // One whose rollout nobody can read any more.
      const [rollout = ''] = findTranscripts(lab.codexHome, id)
      fs.writeFileSync(rollout, 'x')
      const again = watch(lab.codex(), turn({ turn: 2, conversation: id, spent: 15 }))
      expect(await again.outcome).toEqual(complete)
      expect(conversationOf(again.events)).not.toBe(id)
    },
  )

const threadOf = (body: Readonly<Record<string, unknown>>): string =>
  (body['client_metadata'] as { thread_id?: string } | undefined)?.thread_id ?? ''
const collab = (name: string, args: object): ModelItem =>
  functionCall(name, args, { namespace: 'multi_agent_v1' })

/** The root starts a sub-agent, waits for it, and does the rest; 100 tokens an answer. Of a model that speaks the first protocol of sub-agents. */
function family(child: readonly ModelAnswer[], rest: readonly ModelAnswer[]): ModelScript {
  const asked = { root: 0, child: 0 }
  let root: string | undefined
  return ({ body }) => {
    root ??= threadOf(body)
    if (threadOf(body) !== root) return child[asked.child++] ?? []
    const id = /agent_id\\*":\\*"([0-9a-f-]{36})/.exec(JSON.stringify(body['input']))?.[1]
    const steps = [
      { items: [collab('spawn_agent', { message: 'a part' })], tokens: 100 },
      { items: [collab('wait_agent', { targets: [id], timeout_ms: 60_000 })], tokens: 100 },
      ...rest,
    ]
    return steps[asked.root++] ?? []
  }
}

if (long)
  test.each(versions)(
    '%s: tokens of a sub-agent are the turn’s, and while it works the turn is not silent',
    async (version) => {
      // The long form waits for it longer than a silence may last.
      const steps: readonly ModelAnswer[] = long
        ? [1, 2, 3].map(() => ({ items: [execCommand('sleep 3')], tokens: 1000 }))
        : []
      lab = await makeCodexLab(
        family(
          [...steps, { items: [message('child done')], tokens: 7000 - 1000 * steps.length }],
          [{ items: [done], tokens: 100 }],
        ),
        { version },
      )
      const run = watch(lab.codex({ model: 'gpt-5.4' }), turn(limits(long ? 5000 : 60_000)))
      expect(await run.outcome).toEqual(complete)
      expect(tokensOf(run.events)).toBe(7300)
    },
  )

if (long)
  test.each(versions)(
    '%s: a command of a sub-agent is no silence either, unless its turn was killed',
    async (version) => {
      const waits = { yield_time_ms: 30_000 }
      lab = await makeCodexLab(
        family(
          [[execCommand('sleep 10', waits)], [execCommand('echo begun > src.txt; sleep 60', waits)]],
          [{ items: [], delayMs: 10 * 60_000 }],
        ),
        { version },
      )
      const agent = lab.codex({ model: 'gpt-5.4' })
      const first = watch(agent, turn(limits(4000)))
      await first.wrote(path.join(lab.workspace, 'src.txt'))
      first.stop('soft')
      expect(await first.outcome).toEqual({ kind: 'stopped' })
      const second = watch(
        agent,
        turn({ turn: 2, conversation: conversationOf(first.events), ...limits(4000) }),
      )
      expect(await second.outcome).toEqual({ kind: 'silent' })
    },
  )

test.each(versions)('%s: what its commands see, write and reach', async (version) => {
  const script = [
    'env > env.txt',
    'for f in "$HOME/f" /tmp/f "$CODEX_HOME/f" "$CODEX_HOME/config.toml" "$P/HEAD" "$W/a.txt" "$O/a.txt" .git "$TMPDIR/f" new.txt; do (: >> "$f") 2>/dev/null && echo "$f" >> wrote.txt; done',
    "node -e \"require('net').connect($PORT, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(9))\"; echo $? > net.txt",
  ].join('\n')
  lab = await makeCodexLab(inOrder([execCommand(script)], [done]), { version })
  const config = fs.readFileSync(path.join(lab.codexHome, 'config.toml'), 'utf8')
  const vars = {
    OPENAI_API_KEY: 'k',
    A_TOKEN: 't',
    MINE: 'm',
    CODEX_THREAD_ID: 'outer',
    CODEX_OTHER: 'outer',
    AUTONOMOUS_LOOP_RUN: 'outer',
    GIT_DIR: '/outer',
    P: lab.at('data/repo.git'),
    W: lab.at('data/worktrees/two'),
    O: lab.person,
    PORT: String(lab.model.port),
  }
  const read = (file: string): string => fs.readFileSync(path.join(lab!.workspace, file), 'utf8')
  expect(await watch(lab.codex({}, vars), turn()).outcome).toEqual(complete)
  expect(read('wrote.txt').trim().split('\n')).toEqual([path.join(lab.scratch, 'tmp/f'), 'new.txt'])
  expect(read('net.txt')).toBe('9\n')
  const env = Object.fromEntries(
    read('env.txt')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  expect(env).toMatchObject({
    MINE: 'm',
    AUTONOMOUS_LOOP_ATTEMPT: '1',
    TMPDIR: path.join(lab.scratch, 'tmp'),
  })
  expect(env['CODEX_THREAD_ID']).not.toBe('outer')
  for (const name of ['OPENAI_API_KEY', 'A_TOKEN', 'CODEX_OTHER', 'AUTONOMOUS_LOOP_RUN', 'GIT_DIR'])
    expect(env[name]).toBeUndefined()
  expect(fs.readFileSync(path.join(lab.codexHome, 'config.toml'), 'utf8')).toBe(config)
})

if (long)
  test('a network that was approved is there, and so are model and effort', async () => {
    const script = (port: number): string =>
      `node -e "require('net').connect(${port}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(9))"; echo $? > net.txt`
    lab = await makeCodexLab(({ index }) => (index === 0 ? [execCommand(script(lab!.model.port))] : [done]))
    const agent = lab.codex({ network: 'full', model: 'gpt-5.4', effort: 'high' })
    expect(await watch(agent, turn({ effort: 'xhigh' })).outcome).toEqual(complete)
    expect(fs.readFileSync(path.join(lab.workspace, 'net.txt'), 'utf8')).toBe('0\n')
    expect(lab.model.requests[0]?.body).toMatchObject({ model: 'gpt-5.4', reasoning: { effort: 'xhigh' } })
  })

test('a planner reads, and answers by its own form', async () => {
  const form = answerForm('plan', z.strictObject({ steps: z.array(z.string()) }))
  lab = await makeCodexLab(
    inOrder([execCommand('cat a.txt; echo x > new.txt || echo refused')], [message('{"steps":["one"]}')]),
  )
  const run = watch(lab.codex(), { ...turn(), role: 'plan' as const, form })
  expect(await run.outcome).toEqual({ kind: 'finished', answer: { steps: ['one'] } })
  expect(fs.existsSync(path.join(lab.workspace, 'new.txt'))).toBe(false)
  expect(inputTexts(lab.model.requests[1]!).at(-1)).toContain('refused')
  expect(lab.model.requests[0]?.body).toMatchObject({
    text: { format: { strict: true, schema: form.jsonSchema() } },
  })
})

if (long)
  test('a conversation that is compacted goes on, and what that took counts', async () => {
    lab = await makeCodexLab(
      ({ index }) =>
        index === 0
          ? { items: [execCommand('true')], tokens: 5000 }
          : { items: [index === 1 ? message('So far: nothing.') : done], tokens: 100 },
      { top: 'model_auto_compact_token_limit = 1000\n' },
    )
    const run = watch(lab.codex(), turn())
    expect(await run.outcome).toEqual(complete)
    expect(lab.model.requests.length).toBe(3)
    expect(tokensOf(run.events)).toBe(5200)
  })

if (long)
  test('settings of the project count where the person trusts it', async () => {
    lab = await makeCodexLab(inOrder([done]))
    fs.mkdirSync(path.join(lab.workspace, '.codex'), { recursive: true })
    fs.writeFileSync(path.join(lab.workspace, '.codex/config.toml'), 'model = "gpt-5.4"\n')
    for (const isTrusted of [false, true])
      expect(await watch(lab.codex({ isTrusted }), turn()).outcome).toEqual(complete)
    expect(lab.model.requests.map(({ body }) => body['model'])).toEqual(['gpt-5.5', 'gpt-5.4'])
  })

const opened = `sandbox_mode = "danger-full-access"
approval_policy = "on-request"
`
const permissions = `default_permissions = "mine"
`

const settings = [
  [
    'a sandbox that is off',
    opened,
    '[sandbox_workspace_write]\nnetwork_access = true\nwritable_roots = ["/"]\n',
  ],
  ['permissions of the person', permissions, '[permissions.mine]\nextends = ":danger-full-access"\n'],
] as const

test.each(sampleOf(settings, 2))('%s in config.toml does not count', async (_name, top, toml) => {
  lab = await makeCodexLab(
    inOrder([execCommand('(echo > "$HOME/f" && echo wrote || echo refused) 2>/dev/null')], [done]),
    {
      top,
      toml,
    },
  )
  expect(await watch(lab.codex(), turn()).outcome).toEqual(complete)
  expect(inputTexts(lab.model.requests[1]!).at(-1)).toContain('refused')
})
