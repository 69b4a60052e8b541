import fs from 'node:fs'
import path from 'node:path'
import type { Agent, AgentEvent } from '../../../src/agents/agent.ts'
import { claudeAgent } from '../../../src/agents/claude/claude.ts'
import type { ClaudeAgent } from '../../../src/agents/claude/settings.ts'
import { type MessageScript, type MessagesApi, call, startMessagesApi } from '../../rig/messages-api.ts'
import { type Lab, gatePath, makeLab } from '../rig.ts'

/** The real Claude Code as an agent, with a directory of settings of its own and a scripted model. */
export interface ClaudeLab extends Lab {
  readonly model: MessagesApi
  readonly configDir: string
  claude(what?: Partial<ClaudeAgent>, vars?: Readonly<Record<string, string | undefined>>): Agent
  /** Writes the prompt of the next turn. */
  say(text: string): void
  close(): Promise<void>
}

export const KEY = 'made-up-key-0123456789'

export async function makeClaudeLab(bin: string, script: MessageScript): Promise<ClaudeLab> {
  const model = await startMessagesApi(script)
  const lab = makeLab('claude')
  const configDir = lab.at('claude-home')
  fs.mkdirSync(configDir)
  const say = (text: string): void => fs.writeFileSync(lab.turn.promptFile, text)
  say('You work on one item of a backlog.\n')
  return {
    ...lab,
    model,
    configDir,
    say,
    claude: (what = {}, vars = {}) =>
      claudeAgent(
        { bin, configDir, model: null, effort: null, isTrusted: false, ...what },
        {
          launch: lab.launcher(),
          gatePath,
          vars: {
            HOME: lab.at('vars-home'),
            CLAUDE_CONFIG_DIR: configDir,
            ANTHROPIC_BASE_URL: model.url,
            ANTHROPIC_API_KEY: KEY,
            CLAUDE_CODE_MAX_RETRIES: '0',
            ...vars,
          },
          mark: `batch-${path.basename(lab.dir)}`,
        },
      ),
    close: async () => {
      await model.close()
      lab.remove()
    },
  }
}

/** What the model says at the end of a turn, in the form that is asked for. */
export const answers = (answer: object): ReturnType<typeof call> => call('StructuredOutput', answer)
export const done = answers({ status: 'complete', summary: '', proposal: null })
export const complete = { kind: 'finished', answer: { status: 'complete', summary: '' } }

export const conversationOf = (events: readonly AgentEvent[]): string =>
  events.flatMap((one) => (one.kind === 'conversation' ? [one.id] : [])).at(-1) ?? ''
export const tokensOf = (events: readonly AgentEvent[]): number | undefined =>
  events.flatMap((one) => (one.kind === 'usage' ? [one.tokens] : [])).at(-1)

/** Variables under which a subscription pays. */
export const SUBSCRIPTION = {
  ANTHROPIC_API_KEY: undefined,
  CLAUDE_CODE_OAUTH_TOKEN: 'made-up-token-0123456789',
}
