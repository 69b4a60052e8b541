import { ok } from '../../base/result.ts'
import { cliPath, cliWord } from '../../records/cli-place.ts'
import { readMachine } from '../../records/machine.ts'
import { openPolicy } from '../../records/policy.ts'
import { findRepoRoot } from '../../evidence/repo-root.ts'
import { command, cwdFlag } from '../command.ts'
import { directoryOf } from '../directory.ts'
import { done } from '../outcome.ts'
import { agentsMdSnippet, checklist, enableTemplate, planReminder } from '../render/instructions.ts'

/** `agent-instructions`: all a fresh agent needs to begin; reads only, so it works inside Codex's sandbox. */
export const agentInstructions = command({
  flags: cwdFlag,
  run: (args, { context }) => {
    const cwd = directoryOf(context.env, args.cwd)
    if (!cwd.ok) return cwd
    const { home } = context.env
    const repoRoot = findRepoRoot(cwd.value)
    const machine = readMachine(home)
    const policy = openPolicy(home, repoRoot)
    const [file, cli] = machine.ok ? [cliPath(home), cliWord(home)] : ['autonomous-loop', 'autonomous-loop']
    const missing = [machine, policy].flatMap((one) => (one.ok ? [] : [one.error]))
    const config = policy.ok ? policy.value.config : null
    const data = {
      repo_root: repoRoot,
      cli: file,
      setup: {
        ok: missing.length === 0,
        machine: machine.ok,
        config_approved: policy.ok,
        problems: missing.map((one) => ({
          error_code: one.code,
          message: one.message,
          remediation: one.fix ?? null,
        })),
      },
      trusted_commands: Object.fromEntries(
        Object.values(config?.commands ?? {}).map((one) => [one.name, one.argv]),
      ),
      gate_profiles: config?.gateProfiles ?? {},
      defaults: config?.defaults ?? null,
      enable_command: enableTemplate(cli, repoRoot),
      update_plan_reminder: planReminder,
      checklist: checklist(cli),
      agents_md_snippet: agentsMdSnippet(cli),
    }
    return ok(
      done(data, () => [
        ...missing.map((one) => `Not ready: ${one.message}${one.fix ? ` (fix: ${one.fix})` : ''}`),
        ...data.checklist.map((step, index) => `${index + 1}. ${step}`),
        '',
        'For AGENTS.md:',
        ...data.agents_md_snippet.split('\n').map((line) => `  ${line}`),
      ]),
    )
  },
})
