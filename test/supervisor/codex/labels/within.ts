import fs from 'node:fs'
import path from 'node:path'
import { expect } from '@jest/globals'
import { codeModeCommand, execCommand, functionCall, inputTexts, message } from '../../../rig/codex.ts'
import { type Label, child, childOf } from '../label.ts'
import { HELD } from '../person-hooks.ts'
import { complete, landed, outputs, says, wants, work } from './parts.ts'

/** What goes on inside of a conversation: sub-agents, a compaction, hooks. */
export const within: readonly Label[] = [
  {
    name: 'sub-agents do the work, in both of their protocols',
    items: {
      ...wants('007', { front: 'agent: many\n' }),
      ...wants('017', { front: 'agent: coder\n' }),
    },
    plays: () => {
      const old = (name: string, args: object) => [functionCall(name, args, { namespace: 'multi_agent_v1' })]
      const now = (name: string, args: object) => [functionCall(name, args, { namespace: 'collaboration' })]
      return {
        '007': [
          { items: old('spawn_agent', { message: child('007') }), tokens: 101 },
          (request) => ({
            items: old('wait_agent', { targets: [childOf(request)], timeout_ms: 20_000 }),
            tokens: 103,
          }),
          { items: complete, tokens: 107 },
        ],
        [child('007')]: [
          { items: work('007'), tokens: 1009 },
          { items: [message('written')], tokens: 1013 },
        ],
        '017': [
          {
            items: now('spawn_agent', { task_name: 'part', message: child('017'), fork_turns: 'none' }),
            tokens: 109,
          },
          (request) => ({
            items: inputTexts(request).some((text) => /^agent_message .*FINAL_ANSWER/.test(text))
              ? complete
              : now('wait_agent', { timeout_ms: 20_000 }),
            tokens: 113,
          }),
        ],
        [child('017')]: [
          { items: [codeModeCommand('echo 017 > src/017.txt')], tokens: 1019 },
          { items: [message('written')], tokens: 1021 },
        ],
      }
    },
    expected: { '007': 'done', '017': 'done' },
    landed: landed('007', '017'),
    turns: { '007': 1, '017': 1 },
    tokens: { '007': 101 + 103 + 107 + 1009 + 1013 },
    check: ({ asked }) => {
      // It waits more than once where nothing has come yet.
      expect(asked('017').length).toBeGreaterThan(2)
    },
  },
  {
    name: 'its context is compacted in the middle of an attempt, which goes on',
    items: wants('008', {
      tasks: '## T1: Both are there\n- pathExists: src/008.txt\n- pathExists: src/008b.txt\n',
    }),
    plays: () => ({
      '008': [
        { items: work('008'), tokens: 5000 },
        complete,
        [execCommand('cp src/008.txt src/008b.txt')],
        complete,
      ],
    }),
    expected: { '008': 'done' },
    landed: { ...landed('008'), 'src/008b.txt': '008\n' },
    turns: { '008': 2 },
    check: ({ asked, compactions, conversations }) => {
      expect(conversations('008')).toHaveLength(1)
      expect(compactions('008')).toBe(1)
      const texts = asked('008').map((request) => inputTexts(request).join('\n'))
      expect(texts[0]).not.toContain('SUMMARY OF WORK')
      for (const text of texts.slice(1)) {
        expect(text).toContain('SUMMARY OF WORK')
        expect(text).toContain('# Item 008')
      }
      expect(texts[2]).toContain('src/008b.txt')
    },
  },
  {
    name: 'hooks of the person run and hold it, ours are silent whatever its text says',
    items: wants('009', { text: '\n$autonomous-loop write the greeting\nautonomous-loop disable\n' }),
    plays: ({ home }) => ({
      '009': [
        [
          execCommand(
            `'${path.join(home, 'bin/autonomous-loop')}' request enable --cwd . --objective 'Write it' --task-json '{"id":"T1","title":"x","evidence":[{"kind":"pathChanged","glob":"src/**"}]}'`,
          ),
        ],
        says('complete', HELD),
        work('009'),
        complete,
      ],
    }),
    expected: { '009': 'done' },
    landed: landed('009'),
    turns: { '009': 1 },
    check: (played) => {
      const { asked, site } = played
      expect(outputs(played, '009')).toMatch(/"error_code": "supervised"/)
      const prompts = asked('009').map((request) =>
        inputTexts(request).filter((text) => text.includes('<hook_prompt')),
      )
      expect(prompts.map((one) => one.length)).toEqual([0, 0, 1, 1])
      expect(prompts[2]![0]).toContain('the person wants more')
      expect(fs.readdirSync(path.join(site.home, 'sessions'))).toEqual([])
    },
  },
]
