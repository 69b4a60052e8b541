import { expect, test } from '@jest/globals'
import {
  type Installed,
  blocks,
  execCommand,
  inOrder,
  inputTexts,
  jsonIn,
  message,
  onlyRun,
  toolOutputs,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'
const sessionOf = (stderr: string): string => /session id: (\S+)/.exec(stderr)?.[1] ?? ''
const prompt = async (lab: Installed, id: string, text: string) => {
  const before = lab.requests.length
  const result = await lab.codex(['exec', 'resume', id, text])
  expect(result.code).toBe(0)
  return lab.requests.length - before
}

test('wait parks, the next prompt un-parks, and the contract is still open', async () => {
  let token = ''
  await withInstalled(
    {
      script:
        ({ enableCommand, cliPath }) =>
        (request) => {
          const step = request.index
          if (step === 0) return [execCommand(enableCommand)]
          if (step === 1)
            return [
              execCommand(
                `'${cliPath}' request wait --cwd . --reason 'Which language should the greeting have?'`,
              ),
            ]
          if (step === 2) {
            token = /AUTOLOOP_WAIT:[0-9a-f]+/.exec(inputTexts(request).join('\n'))?.[0] ?? '(no token)'
            return [message(`I need a person: which language? ${token}`)]
          }
          if (step === 3) return [message('I stop again without having done anything.')]
          if (step === 4) return [execCommand(work)]
          return [message('Done.')]
        },
    },
    async (lab) => {
      const first = await lab.codex(['exec', 'write the greeting'])
      expect(token).toMatch(/^AUTOLOOP_WAIT:/)
      expect(blocks(lab)).toEqual([])
      expect(await onlyRun(lab)).toMatchObject({ state: 'parked' })
      expect((await lab.cli(['status', '--cwd', lab.repo, '--check'])).code).toBe(5)

      await prompt(lab, sessionOf(first.stderr), 'English, please')
      expect(blocks(lab)).toHaveLength(1)
      expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
    },
  )
})

if (long)
  test("a person's control prompts work without a model request", async () => {
    await withInstalled(
      {
        script: () => inOrder({ status: 500, body: {} }, [message('Done.')]),
      },
      async (lab) => {
        const id = sessionOf((await lab.codex(['exec', '$autonomous-loop write the greeting'])).stderr)
        const check = async () => (await lab.cli(['status', '--cwd', lab.repo, '--check'])).code
        expect(await check()).toBe(4)
        expect(await prompt(lab, id, 'autonomous-loop status')).toBe(0)
        expect(await prompt(lab, id, 'autonomous-loop pause')).toBe(0)
        expect(await check()).toBe(6)
        // Paused: an ordinary turn ends without being judged.
        expect(await prompt(lab, id, 'just say hello')).toBe(1)
        expect(blocks(lab)).toEqual([])
        expect(await prompt(lab, id, 'autonomous-loop resume')).toBe(0)
        expect(await check()).toBe(4)
        expect(await prompt(lab, id, 'autonomous-loop release: good enough for today')).toBe(0)
        expect(await check()).toBe(9)
        expect(await onlyRun(lab)).toMatchObject({ state: 'waived', cause: 'good enough for today' })
      },
    )
  })

test('disable by prompt ends the run', async () => {
  await withInstalled(
    {
      script: () => inOrder({ status: 500, body: {} }, [message('Bye.')]),
    },
    async (lab) => {
      const id = sessionOf((await lab.codex(['exec', '$autonomous-loop write the greeting'])).stderr)
      expect(await prompt(lab, id, 'autonomous-loop disable')).toBe(0)
      expect(await onlyRun(lab)).toMatchObject({ state: 'disabled' })
      expect(await prompt(lab, id, 'hello')).toBe(1)
      expect(blocks(lab)).toEqual([])
    },
  )
})

test.each(sampleOf(['pause', 'disable', 'release', 'resume'], 4, 1))(
  'an agent that runs request %s is refused',
  async (action) => {
    await withInstalled(
      {
        script: ({ enableCommand, cliPath }) =>
          inOrder(
            [execCommand(enableCommand)],
            [execCommand(`'${cliPath}' request ${action} --cwd . ; echo "rc=$?"`)],
            [message('Done.')],
            [execCommand(work)],
            [message('Done.')],
          ),
      },
      async (lab) => {
        await lab.codex(['exec', 'write the greeting'])
        expect(toolOutputs(lab)[1]).toContain('person-only')
        expect(toolOutputs(lab)[1]).toContain('rc=1')
        expect(blocks(lab)).toHaveLength(1)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  },
)

if (long)
  test('the same answer in another wording of the shell is still an agent: outside the sandbox too', async () => {
    await withInstalled(
      {
        script: ({ enableCommand, cliPath }) =>
          inOrder(
            [execCommand(enableCommand)],
            [execCommand(`'${cliPath}' request disable --cwd . ; echo "rc=$?"`)],
            [message('Done.')],
            [execCommand(work)],
            [message('Done.')],
          ),
      },
      async (lab) => {
        await lab.codex(['exec', '-s', 'danger-full-access', 'write the greeting'])
        expect(jsonIn(toolOutputs(lab)[0] ?? '')).toMatchObject({
          activation_mode: 'direct-env',
          state: 'active',
          enforced: 'proven',
        })
        expect(toolOutputs(lab)[1]).toContain('person-only')
        expect(blocks(lab)).toHaveLength(1)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      },
    )
  })
