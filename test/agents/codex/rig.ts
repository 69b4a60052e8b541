import fs from 'node:fs'
import path from 'node:path'
import type { Agent } from '../../../src/agents/agent.ts'
import { codexAgent } from '../../../src/agents/codex/codex.ts'
import type { CodexAgent } from '../../../src/agents/codex/settings.ts'
import {
  type ModelScript,
  type ScriptedModel,
  startScriptedModel,
} from '../../../src/prove/model/scripted-model.ts'
import { type CodexVersion, codexBinary, currentCodex } from '../../rig/binaries.ts'
import { type Lab, gatePath, makeLab } from '../rig.ts'

/** The real Codex as an agent, with a CODEX_HOME of its own and a scripted model. */
export interface CodexLab extends Lab {
  readonly model: ScriptedModel
  codex(what?: Partial<CodexAgent>, vars?: Readonly<Record<string, string>>): Agent
  /** Writes the prompt of the next turn. */
  say(text: string): void
  close(): Promise<void>
}

export interface CodexLabParts {
  readonly version?: CodexVersion
  /** Of a failed request, and of a stream that broke off. Default 0. */
  readonly retries?: number
  /** Of its config.toml: in front of all tables, and behind them. */
  readonly top?: string
  readonly toml?: string
}

export async function makeCodexLab(
  script: ModelScript,
  { version = currentCodex, retries = 0, top = '', toml = '' }: CodexLabParts = {},
): Promise<CodexLab> {
  const model = await startScriptedModel(script)
  const lab = makeLab('codex')
  fs.writeFileSync(
    path.join(lab.codexHome, 'config.toml'),
    `model = "gpt-5.5"
model_provider = "lab"
check_for_update_on_startup = false
${top}[model_providers.lab]
name = "lab"
base_url = "${model.url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = ${retries}
${toml}`,
  )
  const say = (text: string): void => fs.writeFileSync(lab.turn.promptFile, text)
  say('You work on one item of a backlog.\n')
  return {
    ...lab,
    model,
    say,
    codex: (what = {}, vars = {}) =>
      codexAgent(
        {
          bin: codexBinary(version),
          codexHome: lab.codexHome,
          model: null,
          effort: null,
          network: 'none',
          isTrusted: false,
          ...what,
        },
        {
          launch: lab.launcher(),
          gatePath,
          vars: { HOME: lab.at('vars-home'), ...vars },
          mark: `batch-${path.basename(lab.dir)}`,
        },
      ),
    close: async () => {
      await model.close()
      lab.remove()
    },
  }
}
