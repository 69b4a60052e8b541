import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  blocks,
  codeModeCommand,
  execCommand,
  inOrder,
  jsonIn,
  message,
  onlyRun,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'
import { sampleOf } from '../rig/long.ts'

const tools = [
  ['classic tools', 'gpt-5.5', execCommand],
  ['code mode', 'gpt-6-sol', codeModeCommand],
] as const

// test/heart/prompt.test.ts has the other tools in the gate.
describe.each(sampleOf(tools, 2, 1))('%s', (_name, model, run) => {
  test('from inside the sandbox: enabled, blocked twice for two true reasons, released after the work', async () => {
    await withInstalled(
      {
        model,
        script: ({ enableCommand }) =>
          inOrder(
            [run(enableCommand)],
            [message('All done!')],
            [run('mkdir -p src && printf wrong > src/greeting.txt')],
            [message('Now it is done.')],
            [run('printf hello > src/greeting.txt')],
            [message('Done, really.')],
          ),
      },
      async (lab) => {
        const result = await lab.codex(['exec', 'write the greeting'])
        expect(result.code).toBe(0)
        expect(result.stdout.trim()).toBe('Done, really.')

        const answer = jsonIn(toolOutputs(lab)[0] ?? '')
        expect(answer).toMatchObject({
          action: 'enable',
          activation_mode: 'spooled',
          session_id_source: 'CODEX_SESSION_ID',
          state: 'requested',
          enforced: 'proven',
        })

        const reasons = blocks(lab)
        expect(reasons).toHaveLength(2)
        expect(reasons[0]).toContain('T1')
        expect(reasons[0]).toContain('src/**')
        expect(reasons[0]).not.toContain('GREETING-CHECK')
        expect(reasons[1]).toContain('GREETING-CHECK expected hello, got wrong')
        expect(reasons[1]).toContain('exit code 1')
        expect(reasons[1]).toContain('stop 2 of 12')

        expect(await onlyRun(lab)).toMatchObject({ state: 'released', run_id: answer.run_id, iteration: 2 })
        // Provisional until somebody asks.
        expect(fs.readdirSync(path.join(lab.home, 'armed'))).toHaveLength(1)
        expect((await lab.cli(['status', '--cwd', lab.repo, '--check'])).code).toBe(0)
        expect(fs.readdirSync(path.join(lab.home, 'armed'))).toEqual([])
      },
    )
  })
})

test('a package.json script changed between the spooled enable and the first stop blocks, and nothing of it runs', async () => {
  await withInstalled(
    {
      script: ({ enableCommand }) =>
        inOrder(
          [execCommand(enableCommand)],
          [
            execCommand(
              `sed -i 's/node test.check.js/touch TAMPERED/' package.json && mkdir -p src && printf x > src/greeting.txt`,
            ),
          ],
          [message('All done!')],
          [
            execCommand(
              `sed -i 's#touch TAMPERED#node test/check.js#' package.json && printf hello > src/greeting.txt`,
            ),
          ],
          [message('Put back and done.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'write the greeting'])
      const reasons = blocks(lab)
      expect(reasons).toHaveLength(1)
      expect(reasons[0]).toContain('package.json')
      expect(reasons[0]).toContain('touch TAMPERED')
      expect(reasons[0]).toMatch(/autonomous-loop amend [0-9a-f]{12}/)
      expect(fs.existsSync(path.join(lab.repo, 'TAMPERED'))).toBe(false)
      expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
    },
  )
})
