import fs from 'node:fs'
import path from 'node:path'
import { inputTexts } from '../../../src/prove/model/request.ts'
import {
  type ModelRequest,
  type ModelScript,
  type ScriptedModel,
  startScriptedModel,
} from '../../../src/prove/model/scripted-model.ts'
import { type CodexVersion, codexBinary } from '../../rig/binaries.ts'
import { type Site, type SiteParts, makeSite } from '../rig.ts'

/** A person's repository whose backlog the real Codex works through, with a scripted model. */
export interface CodexSite extends Site {
  readonly model: ScriptedModel
  readonly codexHome: string
  close(): Promise<void>
}

export interface CodexParts extends Omit<SiteParts, 'script' | 'sandbox'> {
  readonly version: CodexVersion
  readonly model: ModelScript
  /** Fields of the agent. */
  readonly agent?: Readonly<Record<string, unknown>>
  /** TOML for the end of the person's config.toml. */
  readonly toml?: string
  /** Keys for its beginning, before any table. */
  readonly top?: string
  /** Of a stream that broke off: without any, Codex does not say that it was one. Default 0. */
  readonly retries?: number
}

export async function makeCodexSite({
  version,
  model: script,
  agent,
  toml,
  top,
  retries = 0,
  ...parts
}: CodexParts): Promise<CodexSite> {
  const model = await startScriptedModel(script)
  const site = makeSite({
    ...parts,
    supervisor: {
      agents: { codex: codexAt(version, agent) },
      ...parts.supervisor,
    },
  })
  const codexHome = site.at('codex-home')
  fs.writeFileSync(
    path.join(codexHome, 'config.toml'),
    `model = "gpt-5.5"
model_provider = "lab"
check_for_update_on_startup = false
${top ?? ''}
[model_providers.lab]
name = "lab"
base_url = "${model.url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = ${retries}
${toml ?? ''}`,
  )
  return {
    ...site,
    model,
    codexHome,
    close: async () => {
      await model.close()
      site.remove()
    },
  }
}

/** The title of the item that a request is about. */
export function itemIn(request: Pick<ModelRequest, 'body'>): string {
  return /^message:user You work on one item[^]*?^# (.*)$/m.exec(inputTexts(request).join('\n'))?.[1] ?? ''
}

/** Codex as an agent of the config. */
export const codexAt = (version: CodexVersion, agent?: Readonly<Record<string, unknown>>): object => ({
  adapter: 'codex',
  bin: codexBinary(version),
  ...agent,
})

/** The last message of the user in a request: what the supervisor said. */
export function lastPrompt({ body }: { readonly body: Readonly<Record<string, unknown>> }): string {
  const input = body['input'] as readonly { role?: string; content?: readonly { text?: string }[] }[]
  const said = input.filter((one) => one.role === 'user').map((one) => one.content?.[0]?.text ?? '')
  return said.findLast((text) => text.startsWith('You work on one item')) ?? ''
}

/** The answer of a worker, as its form wants it. */
export const answer = (status: string, summary = '', proposal: unknown = null): string =>
  JSON.stringify({ status, summary, proposal })
