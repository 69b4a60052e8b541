import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import * as z from 'zod/mini'
import { answerForm } from '../../../src/agents/answer-form.ts'
import { reviewForm } from '../../../src/agents/review-answer.ts'
import { withClaude } from '../../rig/claude.ts'
import { bash, call, messagesInOrder } from '../../rig/messages-api.ts'
import { watch } from '../rig.ts'
import { type ClaudeLab, answers, complete, done, makeClaudeLab } from './rig.ts'

/*
 * What a workspace and the person's own settings say to Claude Code, by role. Each place that it reads says a word of its own, which is
 * looked for in all that the model was asked.
 */

let lab: ClaudeLab | undefined
afterEach(async () => lab?.close())

const OF_PROJECT = 'top included dotclaude rule nested pathrule hook'.split(' ')
const OF_PERSON = 'person personhook'.split(' ')

function customize(own: ClaudeLab): void {
  const { workspace, configDir } = own
  const put = (dir: string, files: Readonly<Record<string, string>>): void => {
    for (const [file, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true })
      fs.writeFileSync(path.join(dir, file), text)
    }
  }
  const hooks = (word: string): string => {
    const one = [{ hooks: [{ type: 'command', command: `echo WORD-${word}` }] }]
    return JSON.stringify({ hooks: { SessionStart: one, UserPromptSubmit: one } })
  }
  const server = (name: string): string =>
    JSON.stringify({
      mcpServers: {
        [name]: { command: 'sh', args: ['-c', `echo ${name} >> '${own.at('codex-home/servers')}'; cat`] },
      },
    })
  put(workspace, {
    'CLAUDE.md': 'WORD-top @inc.md\n',
    'inc.md': 'WORD-included\n',
    '.claude/CLAUDE.md': 'WORD-dotclaude\n',
    '.claude/rules/r.md': 'WORD-rule\n',
    '.claude/rules/p.md': '---\npaths: ["sub/**"]\n---\nWORD-pathrule\n',
    '.claude/settings.json': hooks('hook'),
    '.mcp.json': server('project'),
    'sub/CLAUDE.md': 'WORD-nested\n',
    'sub/a.txt': 'what stands there\n',
  })
  put(configDir, {
    'CLAUDE.md': 'WORD-person\n',
    'settings.json': hooks('personhook'),
    '.claude.json': server('person'),
  })
  put(own.at('beside'), { 'secret.txt': 'of nobody\n' })
}

const wordsAsked = (): string[] => {
  const all = lab!.model.requests.map(({ text }) => text).join('\n')
  return [...new Set([...all.matchAll(/WORD-(\w+)/g)].map(([, word = '']) => word))].toSorted()
}

withClaude((bin) => {
  test('a planner reads the workspace alone, sees no instructions of anybody, and answers by its own form', async () => {
    const form = answerForm('plan', z.strictObject({ steps: z.array(z.string()) }))
    lab = await makeClaudeLab(
      bin,
      messagesInOrder(
        [bash('echo x > new.txt'), call('Write', { file_path: 'new.txt', content: 'x' })],
        [answers({ steps: ['one'] })],
      ),
    )
    customize(lab)
    lab.say(
      `Plan it. See @sub/a.txt, @${lab.at('beside/secret.txt')} and "@${lab.at('beside/secret.txt')}".\n`,
    )
    const run = watch(lab.claude({ isTrusted: true }), { ...lab.turn, role: 'plan' as const, form })
    expect(await run.outcome).toEqual({ kind: 'finished', answer: { steps: ['one'] } })
    expect(wordsAsked()).toEqual([])
    expect(lab.model.requests[0]?.body.tools?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Read', 'Grep', 'Glob', 'StructuredOutput']),
    )
    const asked = lab.model.requests.map(({ text }) => text).join('\n')
    for (const text of ['what stands there', 'of nobody']) expect(asked).not.toContain(text)
    expect(fs.existsSync(path.join(lab.workspace, 'new.txt'))).toBe(false)
  })

  test('a reviewer begins in an empty directory, and reads where it is told to and nowhere else', async () => {
    lab = await makeClaudeLab(bin, ({ index }) =>
      index === 0
        ? ['sub/a.txt', '../beside/secret.txt'].map((file) =>
            call('Read', { file_path: path.join(lab!.workspace, file) }),
          )
        : [answers({ verdict: 'pass', findings: [] })],
    )
    customize(lab)
    const empty = lab.at('empty')
    fs.mkdirSync(empty)
    const asked = { workspace: empty, readable: [lab.workspace], role: 'review' as const, form: reviewForm }
    const run = watch(lab.claude({ isTrusted: true }), { ...lab.turn, ...asked })
    expect(await run.outcome).toEqual({ kind: 'finished', answer: { verdict: 'pass', findings: [] } })
    expect(wordsAsked()).toEqual([])
    expect(lab.model.requests[1]?.text).toContain('what stands there')
    expect(lab.model.requests[1]?.text).not.toContain('of nobody')
  })

  const trusts = [
    ['the project where the person trusts it', true, [...OF_PROJECT, ...OF_PERSON]],
    ['the person alone where not', false, OF_PERSON],
  ] as const
  test.each(trusts)('a worker hears %s', async (_name, isTrusted, words) => {
    lab = await makeClaudeLab(bin, ({ index }) =>
      index === 0 ? [call('Read', { file_path: path.join(lab!.workspace, 'sub/a.txt') })] : [done],
    )
    customize(lab)
    expect(await watch(lab.claude({ isTrusted }), lab.turn).outcome).toEqual(complete)
    expect(wordsAsked()).toEqual([...words].toSorted())
    expect(lab.model.requests[1]?.text).toContain('what stands there')
  })

  test('model and effort are those of the config, and of the turn before that', async () => {
    lab = await makeClaudeLab(bin, messagesInOrder([done]))
    const agent = lab.claude(
      { model: 'claude-mine', effort: 'low' },
      { ANTHROPIC_MODEL: 'claude-stray', CLAUDE_CODE_EFFORT_LEVEL: 'low' },
    )
    expect(await watch(agent, { ...lab.turn, effort: 'high' }).outcome).toEqual(complete)
    expect(lab.model.requests[0]?.body).toMatchObject({
      model: 'claude-mine',
      output_config: { effort: 'high' },
    })
    expect(lab.model.others).toEqual([])
  })
})
