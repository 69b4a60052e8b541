import { expect, test } from '@jest/globals'
import {
  type Answer,
  execCommand,
  jsonIn,
  message,
  onlyRun,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'

test('inside Codex’s sandbox the agent can check its work, gates included, before it stops', async () => {
  await withInstalled(
    {
      script:
        ({ enableCommand, cliPath }) =>
        ({ index }) =>
          [
            [execCommand(enableCommand)],
            [execCommand(`'${cliPath}' check`)],
            [message('Done.')],
            [execCommand(`'${cliPath}' check`)],
            [execCommand('mkdir -p src && echo goodbye > src/greeting.txt')],
            [execCommand(`'${cliPath}' check`)],
            [execCommand('echo hello > src/greeting.txt')],
            [execCommand(`'${cliPath}' check`)],
            [execCommand(`'${cliPath}' agent-instructions`)],
          ][index] ?? [message('Done.')],
    },
    // A gate that fails there and has loopback at the stop says nothing yet.
    async (lab) => {
      expect((await lab.codex(['exec', 'write the greeting'])).code).toBe(0)
      const answers = toolOutputs(lab)
        .filter((output) => output.includes('repo_root') || output.includes('error_code'))
        .map((output): Answer => jsonIn(output))
      expect(answers).toMatchObject([
        { action: 'enable', activation_mode: 'spooled', state: 'requested' },
        { ok: false, error_code: 'run-requested' },
        { ok: false, verdict: 'block', outstanding_task_ids: ['T1'] },
        {
          ok: false,
          verdict: 'block',
          commands: [{ name: 'test', outcome: 'could-not-run', exit_code: null }],
        },
        { ok: true, verdict: 'release', commands: [{ name: 'test', outcome: 'passed' }] },
        { cli: lab.cliPath, setup: { ok: true }, trusted_commands: { test: ['npm', 'run', 'test'] } },
      ])
      expect(answers[5].enable_command).toContain(`${lab.cliPath} request enable --cwd '${lab.repo}'`)
      expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
    },
  )
})
