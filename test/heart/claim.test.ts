import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { blocks, execCommand, greetingTask, message, onlyRun, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'

const ask = (cwd: string) => [
  'request',
  'enable',
  '--cwd',
  cwd,
  '--objective',
  'Write the greeting',
  '--task-json',
  greetingTask,
]

test('a request without a session is pending until a session shows its token; work in between counts as change', async () => {
  let token = ''
  await withInstalled(
    {
      script: () => (request) =>
        request.index === 0
          ? [execCommand('mkdir -p src && printf hello > src/greeting.txt')]
          : [message(`The work is done. ${token}`)],
    },
    async (lab) => {
      const asked = await lab.json(ask(lab.repo))
      expect(asked).toMatchObject({
        activation_mode: 'claim-token',
        state: 'pending',
        claim_token: `AUTOLOOP_CLAIM:${asked.nonce}`,
      })
      expect((await lab.json(['status', '--cwd', lab.repo])).pending_requests).toHaveLength(1)
      token = asked.claim_token
      await lab.codex(['exec', 'write the greeting'])
      expect(blocks(lab)).toEqual([])
      expect(await onlyRun(lab)).toMatchObject({
        state: 'released',
        activation_mode: 'claim-token',
        run_id: asked.request_id,
      })
      expect((await lab.json(['status', '--cwd', lab.repo])).pending_requests).toEqual([])
    },
  )
})

if (long)
  test('a claimed contract holds from that stop on; a token counts once', async () => {
    let token = ''
    await withInstalled(
      {
        script: () => (request) =>
          request.index === 1
            ? [execCommand('mkdir -p src && printf hello > src/greeting.txt')]
            : [message(`Done. ${token}`)],
      },
      async (lab) => {
        const asked = await lab.json(ask(lab.repo))
        token = asked.claim_token
        await lab.codex(['exec', 'write the greeting'])
        expect(blocks(lab)).toHaveLength(1)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
        await lab.codex(['exec', 'once more'])
        expect(blocks(lab)).toHaveLength(1)
        expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toHaveLength(1)
      },
    )
  })

if (long)
  test.each([
    ['a made-up token', () => 'AUTOLOOP_CLAIM:00112233445566778899aabbccddeeff'],
    ['a token cut short', (token: string) => token.slice(0, -1)],
  ])('%s claims nothing', async (_name, forge) => {
    let token = ''
    await withInstalled({ script: () => () => [message(`Done. ${token}`)] }, async (lab) => {
      const asked = await lab.json(ask(lab.repo))
      token = forge(asked.claim_token)
      expect((await lab.codex(['exec', 'go'])).code).toBe(0)
      expect(blocks(lab)).toEqual([])
      const status = await lab.json(['status', '--cwd', lab.repo])
      expect(status.sessions).toEqual([])
      expect(status.pending_requests).toHaveLength(1)
    })
  })

test('a token of another repository is refused by name', async () => {
  let token = ''
  await withInstalled({ script: () => () => [message(`Done. ${token}`)] }, async (lab) => {
    const other = path.join(lab.dir, 'other')
    fs.cpSync(lab.repo, other, { recursive: true })
    await lab.json(['allow', '--repo', other])
    token = (await lab.json(ask(other))).claim_token
    await lab.codex(['exec', 'go'])
    expect(blocks(lab)).toHaveLength(1)
    expect(blocks(lab)[0]).toContain(other)
    expect((await lab.json(['status', '--cwd', other])).sessions).toEqual([])
  })
})
