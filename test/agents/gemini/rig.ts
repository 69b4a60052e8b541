import fs from 'node:fs'
import path from 'node:path'
import type { Agent } from '../../../src/agents/agent.ts'
import { geminiAgent } from '../../../src/agents/gemini/gemini.ts'
import type { GeminiAgent } from '../../../src/agents/gemini/settings.ts'
import { type GeminiApi, type GeminiScript, startGeminiApi } from '../../rig/gemini-api.ts'
import { type Lab, gatePath, makeLab } from '../rig.ts'

/** The real Gemini CLI as an agent, with a scripted service and a person's directory of its own. */
export interface GeminiLab extends Lab {
  readonly api: GeminiApi
  /** The person's `.gemini`. */
  readonly config: string
  readonly vars: Readonly<Record<string, string>>
  gemini(what?: Partial<GeminiAgent>, vars?: Readonly<Record<string, string>>): Agent
  /** Writes the prompt of the next turn. */
  say(text: string): void
  close(): Promise<void>
}

/** A model that needs no other one to choose it. */
export const MODEL = 'gemini-2.5-flash'

export async function makeGeminiLab(bin: string, script: GeminiScript): Promise<GeminiLab> {
  const api = await startGeminiApi(script)
  const lab = makeLab('gemini')
  const config = lab.at('vars-home/.gemini')
  fs.mkdirSync(config)
  const write = (text: string): void => fs.writeFileSync(lab.turn.promptFile, text)
  write('You work on one item of a backlog.\n')
  const vars = {
    HOME: lab.at('vars-home'),
    GEMINI_API_KEY: 'made-up-key',
    GOOGLE_GEMINI_BASE_URL: api.url,
  }
  return {
    ...lab,
    api,
    config,
    vars,
    say: write,
    gemini: (what = {}, more = {}) =>
      geminiAgent(
        { bin, config, model: MODEL, ...what },
        {
          launch: lab.launcher(),
          gatePath,
          vars: { ...vars, ...more },
          mark: `batch-${path.basename(lab.dir)}`,
        },
      ),
    close: async () => {
      await api.close()
      lab.remove()
    },
  }
}
