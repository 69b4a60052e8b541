import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import { isObject } from '../../src/base/json.ts'
import { withLab } from '../rig/codex.ts'
import { type Installed, equip, greetingProject } from '../rig/installed.ts'
import {
  type MessageAnswer,
  type MessageScript,
  type MessagesApi,
  messagesInOrder,
  startMessagesApi,
} from '../rig/messages-api.ts'
import { type Running, start } from '../rig/processes.ts'

export interface Held extends Installed {
  readonly claudePath: string
  /** CLAUDE_CONFIG_DIR. */
  readonly config: string
  readonly settings: string
  readonly api: MessagesApi
  /** What the model says from here on. */
  says(...answers: readonly MessageAnswer[]): void
  /** The same by a function of the request; it counts from here on. */
  plays(script: MessageScript): void
  /** `claude -p` with this prompt, without waiting. */
  startClaude(prompt: string, args?: readonly string[], cwd?: string): Running
  /** The same to its end. */
  claude(prompt: string, args?: readonly string[], cwd?: string): Promise<Spoken>
  /** The repository as it was at its first commit, with its config. */
  reset(): void
}

/** Nobody is asked for a permission. */
export const permissions = [
  '--permission-mode',
  'dontAsk',
  '--allowedTools',
  'Bash',
  'Write',
  'Edit',
  'Read',
  'Agent',
]

/** How every session without a terminal is started. */
const form = ['--output-format', 'stream-json', '--verbose', ...permissions]

/** What a session of Claude Code said. */
export interface Spoken {
  readonly code: number | null
  readonly events: readonly Record<string, unknown>[]
  readonly sessionId: string
  readonly result: Record<string, unknown>
  readonly stderr: string
}

/** A person's machine with Claude Code, which talks to a scripted model. */
export async function withHeld<T>(claudePath: string, use: (lab: Held) => Promise<T>): Promise<T> {
  return withLab({ repoFiles: greetingProject, script: () => [] }, async (lab) => {
    let script: MessageScript = () => []
    let before = 0
    const api = await startMessagesApi((request) => script({ ...request, index: request.index - before }))
    try {
      const held = heldOf(equip(lab), claudePath, api, (next) => {
        script = next
        before = api.requests.length
      })
      fs.mkdirSync(held.config)
      return await use(held)
    } finally {
      await api.close()
    }
  })
}

/** After `bootstrap --claude` and `install-repo`; to be closed. For the tests of one suite, one after the other. */
async function openHeld(claudePath: string): Promise<{ lab: Held; close: () => Promise<void> }> {
  return new Promise((opened, failed) => {
    const all = withHeld(claudePath, async (lab) => {
      await lab.json(['bootstrap', '--claude'])
      await lab.json(['install-repo', '--repo', lab.repo])
      await new Promise<void>((end) => {
        opened({
          lab,
          close: () => {
            end()
            return all
          },
        })
      })
    })
    all.catch(failed)
  })
}

/** One lab for all tests of a suite, which each find the repository as it was. */
export function heldThroughout(claudePath: string, made: (lab: Held) => void): void {
  let opened: Awaited<ReturnType<typeof openHeld>>
  beforeAll(async () => {
    opened = await openHeld(claudePath)
    made(opened.lab)
  })
  afterAll(() => opened.close())
  beforeEach(() => opened.lab.reset())
}

function heldOf(
  lab: Installed,
  claudePath: string,
  api: MessagesApi,
  plays: (script: MessageScript) => void,
): Held {
  const config = path.join(lab.userHome, 'claude config')
  const own = {
    AUTOLOOP_CLAUDE: claudePath,
    CLAUDE_CONFIG_DIR: config,
    TMPDIR: fs.mkdtempSync(path.join(lab.dir, 'tmp-')),
    ANTHROPIC_BASE_URL: api.url,
    ANTHROPIC_API_KEY: 'dummy',
    CLAUDE_CODE_MAX_RETRIES: '0',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  }
  const mine: Pick<Installed, 'env' | 'cli'> = {
    env: (changes = {}) => lab.env({ ...own, ...changes }),
    // Each call of Claude Code brings a program of 400 MB into memory first.
    cli: (args, more = {}) => lab.cli(args, { timeoutMs: 180_000, ...more, env: { ...own, ...more.env } }),
  }
  const startClaude: Held['startClaude'] = (prompt, args = [], cwd = lab.repo) =>
    start(claudePath, ['-p', ...form, ...args], { cwd, env: mine.env(), stdin: prompt, timeoutMs: 120_000 })
  return {
    ...equip({ ...lab, ...mine }),
    claudePath,
    config,
    settings: path.join(config, 'settings.json'),
    api,
    plays,
    says: (...answers) => plays(messagesInOrder(...answers)),
    startClaude,
    claude: async (prompt, args, cwd) => spoken(await startClaude(prompt, args, cwd).done),
    reset: () => {
      lab.git('checkout', '-q', '.')
      lab.git('clean', '-fdq', '-e', '.codex', '-e', '.agents', '-e', '.claude')
    },
  }
}

export function spoken(run: Awaited<Running['done']>): Spoken {
  const events = run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const last = events.at(-1) ?? {}
  const id = events.find((event) => typeof event['session_id'] === 'string')?.['session_id']
  return { code: run.code, events, sessionId: String(id), result: last, stderr: run.stderr }
}

/** The run of a session, as `status` tells it. */
export async function runOf(lab: Held, sessionId: string): Promise<Record<string, unknown>> {
  const { sessions } = await lab.json(['status', sessionId])
  return (sessions as Record<string, unknown>[])[0] ?? {}
}

/** Types of the events of a session, in order; its record must hold. */
export async function typesOf(lab: Held, sessionId: string): Promise<string[]> {
  const { events, integrity } = await lab.json(['events', sessionId])
  if (integrity !== 'intact') throw new Error(`the ledger is ${integrity}`)
  return (events as { readonly type: string }[]).map((event) => event.type)
}

/** What hooks said to the model, in order. */
export function feedback({ events }: Spoken): string[] {
  return events.flatMap((event) => {
    const message = event['type'] === 'user' ? event['message'] : null
    const content = isObject(message) ? message['content'] : null
    return (Array.isArray(content) ? content : []).flatMap((part: unknown) =>
      isObject(part) && String(part['text']).startsWith('Stop hook feedback:') ? [String(part['text'])] : [],
    )
  })
}

/** What a person reads of hooks. */
export function said({ events }: Spoken): string[] {
  return events.flatMap((event) => (event['subtype'] === 'informational' ? [String(event['content'])] : []))
}
