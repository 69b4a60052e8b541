import { ok } from '../../base/result.ts'
import type { HookTrust } from '../../codex/trust.ts'
import { findAssets } from '../../setup/assets.ts'
import { bootstrap as bootstrapMachine } from '../../setup/bootstrap.ts'
import { confirm } from '../ask.ts'
import { command } from '../command.ts'
import { bootstrapDoc } from '../render/setup.ts'

/** `bootstrap`: sets the machine up, then asks Codex itself whether it took. Exit status 1 when trust was wanted and is not there. */
export const bootstrap = command({
  flags: {
    trust: { type: 'boolean', describe: 'trust our hooks in Codex, and only ours' },
    'plan-tool': {
      type: 'boolean',
      describe: "let models have update_plan where Codex's config does not say, so that plans are held too",
    },
    'dry-run': { type: 'boolean', describe: 'only say what would be written' },
    force: { type: 'boolean', describe: 'replace files at our places that are not ours' },
    'stop-timeout': { type: 'number', describe: 'seconds a stop may take, gates included (default: 3600)' },
  },
  run: async (args, { context, interactive }) => {
    const assets = findAssets()
    if (!assets.ok) return assets
    const mayTrust = async (hooks: readonly HookTrust[]): Promise<boolean> =>
      args.trust === true || (interactive && (await confirm(question(hooks))))
    const answer = await bootstrapMachine(
      {
        assets: assets.value,
        force: args.force === true,
        stopTimeoutSeconds: args['stop-timeout'] ?? null,
        node: process.execPath,
        platform: process.platform,
        dryRun: args['dry-run'] === true,
        mustTrust: args.trust === true,
        mayTrust,
        mayEnablePlanTool: async () =>
          args['plan-tool'] === true || (interactive && (await confirm(planToolQuestion))),
      },
      context,
    )
    if (!answer.ok) return answer
    return ok({ code: answer.value.ok ? 0 : 1, data: answer.value, text: () => bootstrapDoc(answer.value) })
  },
})

const planToolQuestion =
  'Current models get no plan tool, so an unfinished plan holds nobody. Enable tools.update_plan in config.toml?'

/** Exactly what would be trusted, because hooks run outside the sandbox. */
function question(hooks: readonly HookTrust[]): string {
  const lines = hooks.map((hook) => `  ${hook.event}: ${hook.command}\n`).join('')
  return `Codex does not run these hooks yet. They run outside its sandbox:\n${lines}Trust them?`
}
