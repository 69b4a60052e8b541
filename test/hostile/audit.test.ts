import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Env } from '../../src/base/env.ts'
import { beginning, encodeEvents, readChain } from '../../src/ledger/chain.ts'
import type { LedgerEvent, NewEvent } from '../../src/ledger/events.ts'
import {
  type Answer,
  type Installed,
  blocks,
  execCommand,
  inOrder,
  message,
  withInstalled,
} from '../rig/installed.ts'
import { auditDoc } from '../../src/cli/render/audit.ts'
import { printDoc } from '../../src/cli/render/doc.ts'
import { auditSession } from '../../src/views/audit/audit.ts'
import { realContext } from '../../src/records/context.ts'
import { sampleOf } from '../rig/long.ts'
import { codes } from './world.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'

const envOf = (lab: Installed): Env => ({
  vars: lab.env(),
  cwd: lab.repo,
  codexHome: lab.codexHome,
  home: lab.home,
  tmpDir: '/tmp',
  uid: process.getuid?.() ?? 0,
})

/** The ledger after a change, as somebody writes it who knows how: every hash right. */
function rewrite(file: string, change: (events: LedgerEvent[]) => readonly LedgerEvent[]): void {
  const events: LedgerEvent[] = []
  readChain(fs.readFileSync(file), beginning, (event) => events.push(event))
  let at = beginning
  const parts: Buffer[] = []
  for (const event of change(events)) {
    const one = encodeEvents(at, null, event.at, [{ type: event.type, data: event.data } as NewEvent])
    const last = one.events.at(-1)
    at = { bytes: 0, seq: last?.seq ?? 0, head: last?.hash ?? '', ended: true }
    parts.push(one.bytes)
  }
  fs.writeFileSync(file, Buffer.concat(parts))
}

const withOtherRun = (events: LedgerEvent[]): LedgerEvent[] =>
  events.map((event) =>
    event.type === 'activated' ? { ...event, data: { ...event.data, runId: 'f'.repeat(32) } } : event,
  )

describe('one honest run, and what could have been done to its record', () => {
  let lab: Installed
  let session = ''
  let finish: () => void = () => undefined
  let ended: Promise<void> = Promise.resolve()
  const saved = (): string => path.join(lab.dir, 'saved')
  const ledger = (): string => path.join(lab.home, 'sessions', session, 'ledger.jsonl')
  const transcript = (): string => {
    const found = (
      fs.readdirSync(path.join(lab.codexHome, 'sessions'), { recursive: true }) as string[]
    ).find((name) => name.endsWith(`-${session}.jsonl`))
    return path.join(lab.codexHome, 'sessions', found ?? 'none')
  }
  const audit = async (...more: string[]): Promise<Answer> => {
    const run = await lab.cli(['audit', '--cwd', lab.repo, '--json', ...more])
    const answer: Answer = JSON.parse(run.stdout)
    expect(run.code).toBe(answer.ok ? 0 : 1)
    return answer
  }

  beforeAll(async () => {
    const done = new Promise<void>((resolve) => (finish = resolve))
    lab = await new Promise<Installed>((resolve, reject) => {
      ended = withInstalled(
        {
          script: ({ enableCommand }) =>
            inOrder(
              [execCommand(enableCommand)],
              [message('Done?')],
              [execCommand(work)],
              [message('Done.')],
            ),
        },
        async (ready) => {
          await ready.codex(['exec', 'write the greeting'])
          resolve(ready)
          await done
        },
      )
      ended.catch(reject)
    })
    expect(blocks(lab)).toHaveLength(1)
    const { sessions } = await lab.json(['status', '--cwd', lab.repo])
    session = sessions[0].session_id
    fs.cpSync(lab.codexHome, saved(), { recursive: true })
  })
  afterAll(async () => {
    finish()
    await ended
  })

  test('as it is, it adds up, and says who did what', async () => {
    const answer = await audit()
    expect(answer).toMatchObject({
      ok: true,
      sessions: [
        {
          session_id: session,
          blocks_recorded: 1,
          blocks_confirmed: 1,
          runs: [{ state: 'released' }],
          acts: [{ what: 'armed', by: 'agent' }],
          findings: [],
        },
      ],
    })
    const people = printDoc(auditDoc([auditSession(realContext(envOf(lab)), session)]), false)
    expect(people).toContain('1 of 1 blocks confirmed by 1 transcript')
    expect(people).toContain('Everything adds up.')
  })

  const rows: [string, () => void, string][] = [
    [
      'a word changed in the ledger',
      () =>
        fs.writeFileSync(
          ledger(),
          fs.readFileSync(ledger(), 'utf8').replace('Write the greeting', 'Write a greeting'),
        ),
      'ledger-broken',
    ],
    [
      'the ledger rolled back to before the block',
      () => rewrite(ledger(), (events) => events.slice(0, 1)),
      'block-missing',
    ],
    [
      'the block taken out of the ledger, all hashes right',
      () =>
        rewrite(ledger(), (events) =>
          events.filter((event) => event.type !== 'stop' || event.data.verdict !== 'block'),
        ),
      'block-missing',
    ],
    [
      'the contract replaced in the ledger, all hashes right',
      () => rewrite(ledger(), withOtherRun),
      'witness-wrong',
    ],
    [
      'a release without its gates, all hashes right',
      () =>
        rewrite(ledger(), (events) =>
          events.map((event) =>
            event.type === 'stop' && event.data.verdict === 'release'
              ? { ...event, data: { ...event.data, commands: [] } }
              : event,
          ),
        ),
      'release-unproved',
    ],
    [
      'the same, and the blocks made to fit it',
      () => {
        rewrite(ledger(), withOtherRun)
        rewrite(ledger(), (events) =>
          events.map((event) =>
            event.type === 'stop'
              ? {
                  ...event,
                  data: {
                    ...event.data,
                    ...(event.data.delivered && {
                      delivered: { ...event.data.delivered, head: events[0]?.hash.slice(0, 12) ?? null },
                    }),
                  },
                }
              : event,
          ),
        )
      },
      'head-missing',
    ],
    [
      'a release dated into the middle of the turn',
      () => {
        const call = fs
          .readFileSync(transcript(), 'utf8')
          .split('\n')
          .find((line) => line.includes(work) && line.includes('"function_call"'))
        const at = Date.parse(/"timestamp":"([^"]+)"/.exec(call ?? '')?.[1] ?? '') - 1
        rewrite(ledger(), (events) =>
          events.map((event) =>
            event.type === 'stop' && event.data.verdict === 'release' ? { ...event, at } : event,
          ),
        )
      },
      'verdict-mid-turn',
    ],
    ['the ledger deleted', () => fs.rmSync(ledger()), 'head-missing'],
    [
      'the session deleted',
      () => fs.rmSync(path.join(lab.home, 'sessions'), { recursive: true }),
      'head-missing',
    ],
    ['the whole home deleted', () => fs.rmSync(lab.home, { recursive: true }), 'head-missing'],
    ...['.json.gz', '.index.br'].map((end): [string, () => void, string] => [
      `a baseline exchanged (${end})`,
      () => {
        const dir = path.dirname(ledger())
        const file = fs.readdirSync(dir).find((name) => name.startsWith('baseline-') && name.endsWith(end))
        fs.writeFileSync(path.join(dir, file ?? ''), 'x')
      },
      'baseline-changed',
    ]),
    [
      'the approval taken away',
      () => fs.rmSync(path.join(lab.home, 'approved'), { recursive: true }),
      'approval-missing',
    ],
    [
      'the block taken out of the transcript',
      () =>
        fs.writeFileSync(
          transcript(),
          fs
            .readFileSync(transcript(), 'utf8')
            .split('\n')
            .filter((line) => !line.includes('hook_prompt'))
            .join('\n'),
        ),
      'block-unseen',
    ],
    ['the transcript deleted', () => fs.rmSync(transcript()), 'transcript-missing'],
    [
      'the ledger deleted, and what Codex knows of it',
      () => (fs.rmSync(ledger()), fs.rmSync(transcript())),
      'ledger-gone',
    ],
    [
      'the same, with nothing left but the baseline',
      () => {
        fs.rmSync(transcript())
        for (const name of fs.readdirSync(path.dirname(ledger())))
          if (!name.startsWith('baseline-'))
            fs.rmSync(path.join(path.dirname(ledger()), name), { recursive: true })
      },
      'ledger-gone',
    ],
    ['a directory in place of the transcript', () => replaceByDirectory(transcript()), 'transcript-missing'],
  ]
  test.each(sampleOf(rows, 3))('%s', async (_what, tamper, code) => {
    tamper()
    try {
      const answer = await audit('--session-id', session)
      expect(answer.ok).toBe(false)
      expect(codes(answer.sessions[0])).toContain(code)
    } finally {
      fs.rmSync(lab.codexHome, { recursive: true })
      fs.cpSync(saved(), lab.codexHome, { recursive: true })
    }
  })

  test('the work taken back after the release', async () => {
    const file = path.join(lab.repo, 'src/greeting.txt')
    const text = fs.readFileSync(file)
    fs.rmSync(file)
    try {
      for (const more of [[], ['--session-id', session]]) {
        const [audited] = (await audit(...more)).sessions
        expect(codes(audited)).toEqual(['release-undone'])
        expect(audited.findings[0].message).toMatch(/T1 is not met/)
      }
    } finally {
      fs.writeFileSync(file, text)
    }
  })

  test('what hygiene has archived adds up as before, and is said to lie there', async () => {
    await lab.json(['cleanup', '--cwd', lab.repo, '--retention-hours', '0', '--apply'])
    const archived = path.join(lab.home, 'archived', 'sessions')
    const [name = ''] = fs.readdirSync(archived)
    try {
      for (const more of [[], ['--session-id', session]])
        expect(await audit(...more)).toMatchObject({
          ok: true,
          sessions: [{ session_id: session, archived: true, blocks_confirmed: 1, findings: [] }],
        })
      const file = path.join(archived, name, 'ledger.jsonl')
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('Write the greeting', 'Write a greeting'))
      expect(codes((await audit('--session-id', session)).sessions[0])).toContain('ledger-broken')
    } finally {
      fs.rmSync(lab.codexHome, { recursive: true })
      fs.cpSync(saved(), lab.codexHome, { recursive: true })
    }
  })

  test('a session that nobody knows is no clean record', async () => {
    const typo = `${session.slice(0, -1)}${session.endsWith('0') ? '1' : '0'}`
    expect(await lab.json(['audit', '--cwd', lab.repo, '--session-id', typo, '--json'], 1)).toMatchObject({
      error_code: 'no-run',
      message: expect.stringContaining(typo) as unknown,
    })
  })

  test('a session whose record was deleted is found without being named, by its live record', async () => {
    fs.rmSync(path.join(lab.home, 'sessions'), { recursive: true })
    try {
      const answer = await audit()
      expect(answer.sessions.map((one: { session_id: string }) => one.session_id)).toEqual([session])
      expect(answer.ok).toBe(false)
    } finally {
      fs.cpSync(path.join(saved(), 'autoloop', 'sessions'), path.join(lab.home, 'sessions'), {
        recursive: true,
      })
    }
  })
})

function replaceByDirectory(file: string): void {
  fs.rmSync(file)
  fs.mkdirSync(file)
}
