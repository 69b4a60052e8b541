import path from 'node:path'
import fs from 'node:fs'
import { expect, test } from '@jest/globals'
import {
  type Lab,
  blocks,
  execCommand,
  inOrder,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const sessionOf = (stderr: string): string => /session id: (\S+)/.exec(stderr)?.[1] ?? ''
const seenAt = (lab: Lab, index: number): string => inputTexts(lab.requests[index] ?? { body: {} }).join('\n')

const places = [
  ['in the same directory', false],
  ['from another directory', true],
] as const

test.each(sampleOf(places, 2))(
  'a resume %s finds the run: context reaches the model, enforcement goes on',
  async (_name, elsewhere) => {
    await withInstalled(
      {
        script: ({ enableCommand, repo }) =>
          inOrder(
            [execCommand(enableCommand)],
            { status: 500, body: {} },
            [message('All done!')],
            [execCommand(`mkdir -p '${repo}/src' && printf hello > '${repo}/src/greeting.txt'`)],
            [message('Done.')],
          ),
      },
      async (lab) => {
        const first = await lab.codex(['exec', 'write the greeting'])
        expect(first.code).toBe(1)
        const id = sessionOf(first.stderr)
        const cwd = elsewhere ? path.join(lab.dir, 'elsewhere') : lab.repo
        fs.mkdirSync(cwd, { recursive: true })
        // The other directory is the sandbox's root there, so the repository could not be written.
        const rights = elsewhere ? ['-c', 'sandbox_mode="danger-full-access"'] : []
        const args = ['exec', '--skip-git-repo-check', ...rights, 'resume', id, 'go on']
        const second = await lab.codex(args, { cwd })
        expect({ code: second.code, stderr: second.code === 0 ? '' : second.stderr }).toEqual({
          code: 0,
          stderr: '',
        })
        const context = seenAt(lab, 2)
        expect(context).toContain('this session works under a frozen contract')
        expect(context).toContain('Write the greeting')
        expect(context).toContain(lab.cliPath)
        expect(blocks(lab)).toHaveLength(1)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released', session_id: id })
      },
    )
  },
)

if (long)
  test('after a compaction the context is there again', async () => {
    const compaction = (texts: string[]) =>
      /CONTEXT CHECKPOINT|handoff summary|compaction/i.test(texts.at(-1) ?? '')
    let turns = 0
    await withInstalled(
      {
        top: 'model_auto_compact_token_limit = 2000',
        script:
          ({ enableCommand }) =>
          (request) => {
            if (compaction(inputTexts(request))) return [message('SUMMARY OF WORK')]
            turns += 1
            if (turns === 1) return [execCommand(enableCommand)]
            if (turns === 2)
              return { items: [execCommand('mkdir -p src && printf hello > src/greeting.txt')], tokens: 5000 }
            return { items: [message('Done.')], tokens: 300 }
          },
      },
      async (lab) => {
        const result = await lab.codex(['exec', 'write the greeting'])
        expect(result.code).toBe(0)
        const last = inputTexts(lab.requests.at(-1) ?? { body: {} })
        expect(last.join('\n')).toContain('SUMMARY OF WORK')
        const context = last.filter((text) => text.includes('this session works under a frozen contract'))
        expect(context).toHaveLength(1)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  })
