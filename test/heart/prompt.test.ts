import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import {
  blocks,
  codeModeCommand,
  execCommand,
  inOrder,
  inputTexts,
  message,
  onlyRun,
  withInstalled,
} from '../rig/installed.ts'
import { long, sampleOf } from '../rig/long.ts'

const work = 'mkdir -p src && printf hello > src/greeting.txt'

const tools = [
  ['classic tools', 'gpt-5.5', execCommand],
  ['code mode', 'gpt-6-sol', codeModeCommand],
] as const

describe.each(sampleOf(tools, 2))('%s', (_name, model, run) => {
  test('a prompt arms: the agent is told, blocked while nothing is done, and released after the work', async () => {
    await withInstalled(
      {
        model,
        script: () => inOrder([message('Nothing to do.')], [run(work)], [message('Done.')]),
      },
      async (lab) => {
        const result = await lab.codex(['exec', '$autonomous-loop write the greeting'])
        expect(result.code).toBe(0)
        const first = inputTexts(lab.requests[0] ?? { body: {} }).join('\n')
        expect(first).toContain('armed by the person')
        expect(first).toContain(lab.cliPath)
        expect(blocks(lab)).toHaveLength(1)
        expect(blocks(lab)[0]).toContain('T1')
        expect(await onlyRun(lab)).toMatchObject({
          state: 'released',
          armed_by: 'prompt',
          activation_mode: 'prompt',
          objective: 'write the greeting',
        })
        expect(lab.requests).toHaveLength(3)
      },
    )
  })

  if (long)
    test('the baseline is older than what the agent does first: that counts as change at the first stop', async () => {
      await withInstalled({ model, script: () => inOrder([run(work)], [message('Done.')]) }, async (lab) => {
        await lab.codex(['exec', '$autonomous-loop write the greeting'])
        expect(blocks(lab)).toEqual([])
        expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 0 })
      })
    })
})

test('an agent that refines a prompt-armed run keeps objective and baseline; a trivial task does not replace "something changed"', async () => {
  const trivial = JSON.stringify({
    id: 'A1',
    title: 'There is a readme',
    evidence: [{ kind: 'pathExists', path: 'README.md' }],
  })
  await withInstalled(
    {
      script: ({ cliPath }) =>
        inOrder(
          [execCommand(`'${cliPath}' request enable --cwd . --objective 'other' --task-json '${trivial}'`)],
          [message('Done.')],
          [execCommand('mkdir -p src && printf hello > src/greeting.txt')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      await lab.codex(['exec', 'Please use autonomous-loop for this task: write the greeting'])
      expect(blocks(lab)).toHaveLength(1)
      expect(blocks(lab)[0]).toContain('T0')
      expect(await onlyRun(lab)).toMatchObject({ state: 'released', objective: 'write the greeting' })
    },
  )
})

if (long)
  test.each([
    ['a mention', 'What does autonomous-loop do? Should I use autonomous-loop here?'],
    ['the name inside a path', 'Look at node_modules/autonomous-loop/README.md'],
    ['a quoted command', 'Explain what `$autonomous-loop do it` would do'],
  ])('%s arms nothing', async (_name, prompt) => {
    await withInstalled({ script: () => inOrder([message('An answer.')]) }, async (lab) => {
      expect((await lab.codex(['exec', prompt])).code).toBe(0)
      expect(lab.requests).toHaveLength(1)
      expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toEqual([])
    })
  })

if (long)
  test('a mention with nothing but a command behind it freezes no contract: it is carried out, or answered', async () => {
    await withInstalled({ script: () => inOrder([message('Nothing to do.')]) }, async (lab) => {
      const typed = async (prompt: string) => (await lab.codex(['exec', prompt])).stderr
      expect(await typed('$autonomous-loop status')).toContain('hook: UserPromptSubmit Stopped')
      for (const prompt of [
        'use autonomous-loop release',
        '$autonomous-loop doctor',
        'autonomous-loop stop',
        'autonomous-loop release notes are missing, please write them',
      ])
        expect(await typed(prompt)).toContain('hook: UserPromptSubmit Blocked')
      expect(lab.requests).toEqual([])
      expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toEqual([])

      await typed('$autonomous-loop release notes for 2.0')
      expect(await onlyRun(lab)).toMatchObject({ objective: 'release notes for 2.0' })
    })
  })

const wrapped = (request: string, selection: string) =>
  `# Context from my IDE setup:\n\n## Active file: notes.md\n\n## Active selection of the file:\n${selection}\n\n## Open tabs:\n- notes.md: notes.md\n\n## My request for Codex:\n${request}`

if (long)
  test('as an editor sends it: what the person typed arms and steers, what it quotes does not', async () => {
    await withInstalled(
      { script: () => inOrder([message('Nothing to do.')], { status: 500, body: {} }, [message('Right.')]) },
      async (lab) => {
        const picked = '[$autonomous-loop](/home/u/.codex/skills/autonomous-loop/SKILL.md)'
        const quoted = 'autonomous-loop disable'
        const { stderr } = await lab.codex(['exec', wrapped(`${picked} write the greeting`, quoted)])
        const id = /session id: ([0-9a-f-]+)/.exec(stderr)?.[1] ?? ''
        expect(await onlyRun(lab)).toMatchObject({ state: 'active', objective: 'write the greeting' })

        const resume = async (prompt: string) => (await lab.codex(['exec', 'resume', id, prompt])).stderr
        const asked = lab.requests.length
        expect(await resume(wrapped('autonomous-loop pause', quoted))).toContain('UserPromptSubmit Stopped')
        expect(lab.requests).toHaveLength(asked)
        expect(await onlyRun(lab)).toMatchObject({ state: 'paused' })

        await resume(wrapped('Explain this.', `## My request for Codex:\n${quoted}`))
        expect(inputTexts(lab.requests.at(-1) ?? { body: {} }).join('\n')).toContain('nothing was done')
        expect(await onlyRun(lab)).toMatchObject({ state: 'paused' })
      },
    )
  })

test('an unapproved config arms nothing and says why', async () => {
  await withInstalled({ script: () => inOrder([message('An answer.')]) }, async (lab) => {
    const config = path.join(lab.repo, '.codex', 'autoloop.project.json')
    fs.writeFileSync(config, `${fs.readFileSync(config, 'utf8')}\n`)
    const result = await lab.codex(['exec', '$autonomous-loop write the greeting'])
    expect(result.code).toBe(0)
    const told = inputTexts(lab.requests[0] ?? { body: {} }).join('\n')
    expect(told).toContain('NOT armed')
    expect(told).toContain('autonomous-loop allow')
    expect((await lab.json(['status', '--cwd', lab.repo])).sessions).toEqual([])
  })
})
