import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { ModelAnswer } from '../../../src/prove/model/scripted-model.ts'
import type { BatchEvent } from '../../../src/supervisor/record/events.ts'
import { usageLimit } from '../../../src/prove/model/usage-limit.ts'
import { refusal } from '../../agents/codex/failures.ts'
import { codexVersions, currentCodex } from '../../rig/binaries.ts'
import { execCommand, inputTexts, message } from '../../rig/codex.ts'
import { long, sampleOf } from '../../rig/long.ts'
import { item } from '../rig.ts'
import { type CodexSite, answer, makeCodexSite } from './rig.ts'

/* Failures of the real Codex and its service, as a whole batch meets them: who waits, until when, and what goes on. */

let site: CodexSite | undefined
afterEach(async () => site?.close())

const versions = long ? codexVersions : [currentCodex]
const SIGNED_IN = 'requires_openai_auth = true\n'
const complete: ModelAnswer = [message(answer('complete'))]
const put = (file: string): ModelAnswer => [execCommand(`echo x > ${file}`)]
const ofType = <T extends BatchEvent['type']>(events: readonly BatchEvent[], type: T) =>
  events.filter((one): one is Extract<BatchEvent, { type: T }> => one.type === type)
const kinds = (events: readonly BatchEvent[]): readonly string[] =>
  ofType(events, 'turn-ended').map((one) => one.data.outcome.kind)
const status = async (): Promise<object> =>
  JSON.parse((await site!.cli(['status', '--batch', '--json'])).stdout) as object

test.each(versions)(
  'Codex %s: what passes is waited for in the same attempt and conversation, and counts against nobody',
  async (version) => {
    // The first request of a turn, the middle of the next one, and twice in a row.
    const answers = [
      refusal(503, 'server_is_overloaded'),
      put('src/half.txt'),
      refusal(500, 'server_error'),
      refusal(429, 'rate_limit_exceeded'),
      { items: [], delayMs: 600_000 },
      put('src/whole.txt'),
    ]
    site = await makeCodexSite({
      version,
      items: { '001-a.md': item() },
      supervisor: { backoff: { baseSeconds: 0.05, maxSeconds: 1 }, limits: { silentMinutes: 0.08 } },
      model: ({ index }) => answers[index] ?? complete,
    })
    await site.cli(['allow'])
    const ran = await site.cli(['run', '--json'])
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
    expect(kinds(ran.events)).toEqual(['overloaded', 'overloaded', 'overloaded', 'silent', 'finished'])
    expect(ofType(ran.events, 'backed-off').map((one) => one.data)).toMatchObject([
      { why: 'overloaded', agent: 'codex' },
      { why: 'overloaded', agent: 'codex' },
      { why: 'overloaded', agent: 'codex' },
    ])
    expect(ofType(ran.events, 'attempt-opened')).toHaveLength(1)
    expect(ofType(ran.events, 'conversation')).toHaveLength(1)
    expect(ofType(ran.events, 'turn-ended').reduce((sum, one) => sum + (one.data.tokens ?? 0), 0)).toBe(45)
    expect([site.show('src/half.txt'), site.show('src/whole.txt')]).toEqual(['x\n', 'x\n'])
    expect(inputTexts(site.model.requests.at(-1)!).join('\n')).toContain('src/half.txt')
    expect(await status()).toMatchObject({ items: [{ attempt: 1, counted: 0 }], agents: [] })
  },
  120_000,
)

if (long)
  test.each(versions)(
    'Codex %s: a quota without a time, of a plan or of money, keeps every repository of the machine from asking',
    async (version) => {
      const answers = [put('src/half.txt'), usageLimit()]
      site = await makeCodexSite({
        version,
        items: { '001-a.md': item() },
        model: ({ index }) => answers[index] ?? complete,
      })
      const beside = site.at('beside')
      fs.cpSync(site.repo, beside, { recursive: true })
      await site.cli(['allow'])
      await site.cli(['allow'], {}, beside)
      const before = Date.now()
      const ran = await site.cli(['run', '--json', '--on-quota', 'exit'])
      expect(ran.code).toBe(10)
      expect(ofType(ran.events, 'turn-ended')[0]?.data).toMatchObject({
        outcome: { kind: 'quota', resetsAt: null },
        said: expect.stringContaining('usage limit') as unknown,
      })
      const until = ofType(ran.events, 'backed-off')[0]?.data.until ?? 0
      expect(until - before).toBeGreaterThan(5 * 60_000 - 1)
      expect(until - Date.now()).toBeLessThanOrEqual(5 * 60_000)
      expect(ran.events.at(-1)).toMatchObject({ type: 'rested', data: { state: 'suspended', until } })
      const asked = site.model.requests.length
      const other = await site.cli(['run', '--json', '--on-quota', 'exit'], {}, beside)
      expect({ code: other.code, asked: site.model.requests.length }).toEqual({ code: 10, asked })
      expect(other.events.at(-1)).toMatchObject({ type: 'rested', data: { state: 'suspended', until } })
      // Whoever knows better ends it.
      const providers = path.join(site.home, 'providers')
      for (const name of fs.readdirSync(providers)) fs.rmSync(path.join(providers, name))
      const again = await site.cli(['run', '--json'])
      expect({ code: again.code, kinds: kinds(again.events) }).toEqual({ code: 0, kinds: ['finished'] })
      expect(ofType(again.events, 'attempt-opened')).toEqual([])
      expect(ofType(again.events, 'conversation')).toEqual([])
      expect(site.show('src/half.txt')).toBe('x\n')
    },
    120_000,
  )

if (long)
  test.each(versions)(
    'Codex %s: what a person has to mend is said in the words of the service, and the work waits for it',
    async (version) => {
      let failure: ModelAnswer | null = {
        status: 401,
        body: { error: { message: 'Your key has \u001b[2Jexpired' } },
      }
      site = await makeCodexSite({
        version,
        items: { '001-a.md': item() },
        model: ({ index }) => (index === 0 ? put('src/half.txt') : (failure ?? complete)),
        toml: SIGNED_IN,
      })
      fs.writeFileSync(path.join(site.codexHome, 'auth.json'), '{"OPENAI_API_KEY":"made-up"}')
      const config = path.join(site.codexHome, 'config.toml')
      await site.cli(['allow'])
      const first = await site.cli(['run', '--json'])
      expect({ code: first.code, kinds: kinds(first.events) }).toEqual({ code: 7, kinds: ['signed-out'] })
      const halted = first.events.at(-1)
      expect(halted).toMatchObject({ type: 'rested', data: { state: 'halted', code: 'no-agent' } })
      expect(JSON.stringify(halted)).toMatch(/codex: signed-out: .*Your key has .*expired/)
      expect(JSON.stringify(halted)).not.toContain('u001b')
      expect(await status()).toMatchObject({
        next: 'codex login',
        items: [
          {
            state: 'working',
            waits_for: {
              kind: 'agent',
              agent: 'codex',
              why: 'signed-out',
              said: expect.stringContaining('expired') as unknown,
            },
          },
        ],
      })
      const whole = fs.readFileSync(config, 'utf8').replace(SIGNED_IN, '')
      fs.writeFileSync(config, whole)
      // A provider that has keys of its own.
      expect(await status()).toMatchObject({ next: 'autonomous-loop run' })
      // A setting that the service does not know: said again, then in a new conversation, then no more.
      failure = { status: 400, body: { error: { message: 'Unsupported effort "bogus"' } } }
      const second = await site.cli(['run', '--json'])
      expect({ code: second.code, kinds: kinds(second.events) }).toEqual({
        code: 7,
        kinds: ['rejected', 'rejected', 'rejected'],
      })
      expect(second.events.at(-1)).toMatchObject({ data: { why: 'codex: Unsupported effort "bogus"' } })
      const shown = await site.cli(['status', '--batch', '--text'])
      expect(shown.stdout).toContain('failed too often: Unsupported effort "bogus"')
      // One that Codex itself does not understand.
      fs.writeFileSync(config, `${whole}\nbroken = \n`)
      const third = await site.cli(['run', '--json'])
      expect({ code: third.code, kinds: kinds(third.events) }).toEqual({
        code: 7,
        kinds: ['could-not-start', 'could-not-start', 'could-not-start'],
      })
      expect(JSON.stringify(third.events.at(-1))).toMatch(/Codex did not begin: .*config\.toml/)
      fs.writeFileSync(config, whole)
      failure = null
      const last = await site.cli(['run', '--json'])
      expect({ code: last.code, kinds: kinds(last.events) }).toEqual({ code: 0, kinds: ['finished'] })
      const all = [first, second, third, last].flatMap((one) => one.events)
      expect(ofType(all, 'attempt-opened')).toHaveLength(1)
      expect(ofType(all, 'conversation')).toHaveLength(2)
      expect(site.show('src/half.txt')).toBe('x\n')
      expect(await status()).toMatchObject({ items: [{ state: 'done', attempt: 1, counted: 0 }] })
    },
    120_000,
  )

test.each(versions)(
  'Codex %s: planning that its service keeps from ending writes nothing, and says what kept it',
  async (version) => {
    const resets = Math.ceil(Date.now() / 1000) + 3600
    const rows: readonly (readonly [ModelAnswer, number, object])[] = [
      [usageLimit(resets), 10, { error_code: 'agent-quota', details: { resets_at: resets * 1000 } }],
      [
        refusal(401, 'unauthorized'),
        1,
        { error_code: 'agent-failed', details: { outcome: { kind: 'signed-out' } } },
      ],
      [
        refusal(400, 'invalid'),
        1,
        { error_code: 'agent-failed', details: { outcome: { kind: 'rejected' } } },
      ],
    ]
    let failure: ModelAnswer = []
    site = await makeCodexSite({ version, items: {}, model: () => failure })
    await site.cli(['allow'])
    for (const [now, code, said] of sampleOf(rows, 3)) {
      failure = now
      const ran = await site.cli(['backlog', 'new', 'A shop', '--yes', '--scope', 'src/**', '--json'])
      expect({ code: ran.code, said: JSON.parse(ran.stdout) as object }).toMatchObject({ code, said })
      // What was met is known to every batch; the next row meets something else.
      fs.rmSync(path.join(site.home, 'providers'), { recursive: true, force: true })
    }
    expect(fs.readdirSync(path.join(site.repo, '.codex'))).not.toContain('backlog')
    expect(site.git('status', '--porcelain')).toBe('')
  },
  120_000,
)
