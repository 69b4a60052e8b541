import fs from 'node:fs'
import { KEY } from '../../agents/claude/rig.ts'
import { type MessageScript, type MessagesApi, startMessagesApi } from '../../rig/messages-api.ts'
import { type Ran, type Site, type SiteParts, makeSite } from '../rig.ts'

/** A person's repository whose backlog the real Claude Code works through, with a scripted model. */
export interface ClaudeSite extends Site {
  readonly model: MessagesApi
  /** With the variables of a person who has a key. */
  run(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ran>
  close(): Promise<void>
}

export interface ClaudeParts extends Omit<SiteParts, 'script' | 'sandbox'> {
  readonly bin: string
  readonly model: MessageScript
}

export async function makeClaudeSite({ bin, model: script, ...parts }: ClaudeParts): Promise<ClaudeSite> {
  const model = await startMessagesApi(script)
  const site = makeSite({
    ...parts,
    supervisor: { agents: { claude: { adapter: 'claude', bin } }, ...parts.supervisor },
  })
  fs.mkdirSync(site.at('claude-home'))
  const vars = claudeVars({ ...site, model })
  return {
    ...site,
    model,
    run: (args, more) => site.cli(args, { ...vars, ...more }),
    close: async () => {
      await model.close()
      site.remove()
    },
  }
}

/** Of a person who has a key. */
export const claudeVars = ({ at, model }: Pick<ClaudeSite, 'at' | 'model'>): Record<string, string> => ({
  CLAUDE_CONFIG_DIR: at('claude-home'),
  ANTHROPIC_BASE_URL: model.url,
  ANTHROPIC_API_KEY: KEY,
  CLAUDE_CODE_MAX_RETRIES: '0',
})
