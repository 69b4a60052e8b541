import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { config, play } from '../clean-room/lab.ts'
import {
  type Installed,
  blocks,
  execCommand,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const scope = ['NOTES.md', 'src/**', 'package.json#/dependencies']
const gate = ['sh', '-c', 'grep -qx hello src/a.txt']
const configIn = (verify: 'in-place' | 'clean-room'): string =>
  JSON.stringify({
    version: 2,
    commands: { test: { argv: gate, network: 'loopback' } },
    gateProfiles: { fast: [], default: [], final: ['test'] },
    policy: { verify, scope },
  })
const manifest = `${JSON.stringify({ name: 'x', scripts: { build: 'one' }, dependencies: {} }, null, 2)}\n`

describe.each(sampleOf(['in-place', 'clean-room'] as const, 2))('verified %s', (verify) => {
  test('an edit outside blocks with its path before any gate runs; undone, it is released', async () => {
    await play(
      {
        files: { [config]: configIn(verify), 'package.json': manifest, 'src/a.txt': 'hello\n' },
        agent: [
          'mkdir lib && echo x > lib/a.txt && sed -i "s/one/two/; s/{}/{\\"a\\": \\"1\\"}/" package.json && touch src/.npmrc',
          'rm -r lib src/.npmrc && sed -i s/two/one/ package.json',
        ],
      },
      ({ blocks: [first, ...more], run, lab }) => {
        expect(more).toEqual([])
        expect(first).toContain('lib/a.txt (new)')
        expect(first).toContain('package.json#/scripts/build')
        expect(first).toContain('src/.npmrc (it steers tools or agents, so only its own name opens it)')
        expect(first).toContain('Only this may differ from the start: NOTES.md, src/**, package.json#/dep')
        expect(first).toMatch(/autonomous-loop amend [0-9a-f]{12}/)
        expect(first).toContain('not run yet: test')
        expect(first).not.toContain('#/dependencies/')
        expect(run).toMatchObject({ state: 'released', scope: { policy: scope, contract: null } })
        expect(fs.readFileSync(path.join(lab.repo, 'package.json'), 'utf8')).toContain('"a"')
      },
    )
  })
})

const prompt = async (lab: Installed, id: string, text: string): Promise<number> => {
  const before = lab.requests.length
  const result = await lab.codex(['exec', 'resume', id, text])
  expect(result.code).toBe(0)
  return lab.requests.length - before
}

if (long)
  test('a person accepts what was shown, and nothing that comes later', async () => {
    let token = ''
    const wait = (cli: string): string => `'${cli}' request wait --cwd . --reason 'May I change lib?'`
    await withInstalled(
      {
        repoFiles: {
          [config]: configIn('in-place'),
          'package.json': manifest,
          'src/a.txt': 'bye\n',
          'lib/a.txt': 'one\n',
        },
        script:
          ({ enableCommand, cliPath }) =>
          (request) => {
            const shell = [
              `${enableCommand} && echo hello > src/a.txt && echo two > lib/a.txt`,
              null,
              wait(cliPath),
              null,
              'echo three > lib/a.txt',
              null,
              'echo two > lib/a.txt',
            ][request.index]
            if (shell) return [execCommand(shell)]
            if (request.index !== 3) return [message('Done.')]
            token = /AUTOLOOP_WAIT:[0-9a-f]+/.exec(inputTexts(request).join('\n'))?.[0] ?? '(no token)'
            return [message(`The work needs lib. ${token}`)]
          },
      },
      async (lab) => {
        await lab.json(['allow', '--repo', lab.repo])
        const first = await lab.codex(['exec', 'write the greeting'])
        const id = /session id: (\S+)/.exec(first.stderr)?.[1] ?? ''
        expect(blocks(lab)).toHaveLength(1)
        const parked = await onlyRun(lab)
        expect(parked).toMatchObject({
          state: 'parked',
          out_of_scope: [{ path: 'lib/a.txt', pointer: null, why: 'outside', text: 'lib/a.txt' }],
          amend_digest: expect.stringMatching(/^[0-9a-f]{12}$/),
        })
        const digest = String(parked.amend_digest)
        expect(blocks(lab)[0]).toContain(`autonomous-loop amend ${digest}`)
        const shown = await lab.json(['amend'], 1)
        expect(shown).toMatchObject({ amend_digest: digest, definition_changes: [{ file: 'lib/a.txt' }] })
        // An agent accepts nothing.
        const denied = await lab.json(['amend', digest], 1, { CODEX_CI: '1' })
        expect(denied).toMatchObject({ ok: false, error_code: 'person-only' })

        expect(await prompt(lab, id, `autonomous-loop amend ${digest}`)).toBe(0)
        expect(await onlyRun(lab)).toMatchObject({ accepted: ['lib/a.txt'], out_of_scope: [] })
        await prompt(lab, id, 'go on')
        expect(blocks(lab)).toHaveLength(2)
        expect(blocks(lab)[1]).toContain('out of scope: lib/a.txt')
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
        const events = await lab.json(['events', id])
        expect(JSON.stringify(events)).toContain('prompt accepted 1 difference out of scope')
      },
    )
  })
