import type { Scenario } from './scenario.ts'
import { complete, put, shell } from './steps.ts'

/* What an agent does at its work, and says of it. */

const done = { attempts: ['done'], item: 'done', conversations: 1 } as const

/** It leaves its group and its environment, and the agent ends once it is there. */
const leave = `env -i /usr/bin/setsid /bin/sh -c 'echo left > src/left.txt; exec /bin/sleep 1000' >/dev/null 2>&1 &
while [ ! -s src/left.txt ]; do sleep 0.05; done`

const outside = ['{person}/src/a.txt', '{person}/.git/HEAD', '{person}/new', '{home}/new', '{data}/new']
const inside = ['.git', '.codex/autoloop.project.json', '.codex/backlog/001-cart.md', '.codex/new']
const reach = [...outside, ...inside]
  .map((file) => `(echo evil >> '${file}') 2>/dev/null && echo '${file}' >> src/wrote.txt`)
  .concat('echo tried >> src/wrote.txt')
  .join('\n')

export const working: readonly Scenario[] = [
  {
    name: 'done in the first turn',
    turns: [[put('src/cart.txt'), complete]],
    calls: [{ code: 0 }],
    comes: { ...done, turns: ['complete'], head: { 'src/cart.txt': 'x\n' } },
  },
  {
    name: 'a gate is red, and what it said is the next prompt',
    turns: [
      [put('src/bad.txt', 'bad'), complete],
      [shell('rm src/bad.txt; echo x > src/cart.txt'), complete],
    ],
    calls: [{ code: 0 }],
    comes: {
      ...done,
      turns: ['complete', 'complete'],
      found: ['block', 'command', 'release'],
      head: { 'src/cart.txt': 'x\n', 'src/bad.txt': null },
    },
    hears: { 2: 'bad.txt is there' },
    remembers: { 2: 'echo bad' },
  },
  {
    name: 'it says that it is done, and nothing has changed',
    turns: [[complete], [put('src/cart.txt'), complete]],
    calls: [{ code: 0 }],
    comes: {
      ...done,
      turns: ['complete', 'complete'],
      found: ['no-change', 'release'],
      head: { 'src/cart.txt': 'x\n' },
    },
  },
  {
    name: 'it leaves a process behind that left its group',
    turns: [[shell(leave), complete]],
    calls: [{ code: 0 }],
    comes: { ...done, turns: ['complete'], head: { 'src/left.txt': 'left\n' } },
  },
  {
    name: 'it writes outside of its worktree, and where it may not within',
    turns: [[shell(reach), complete]],
    calls: [{ code: 0 }],
    comes: { ...done, turns: ['complete'], head: { 'src/wrote.txt': 'tried\n' } },
  },
  {
    name: 'it is blocked, and a person lets it go on',
    turns: [
      [put('src/half.txt', 'half'), { do: 'answer', status: 'blocked', summary: 'Which currency?' }],
      [put('src/cart.txt'), complete],
    ],
    calls: [{ code: 5 }, { args: ['retry', '001'], code: 0 }, { code: 0 }],
    comes: {
      ...done,
      turns: ['blocked', 'complete'],
      attempts: ['parked, rescued', 'done'],
      conversations: 2,
      head: { 'src/cart.txt': 'x\n' },
    },
  },
]
