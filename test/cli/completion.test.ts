import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Known, complete } from '../../src/cli/complete.ts'
import { table } from '../../src/cli/commands.ts'
import { type Shell, completionScript } from '../../src/cli/render/completion.ts'
import { projectRoot } from '../rig/root.ts'
import { greetingTask, message, withInstalled } from '../rig/installed.ts'
import { long } from '../rig/long.ts'
import { startTui } from '../rig/tui.ts'

const known: Known = {
  table,
  ids: (entry, begun) => [{ word: 'ef880ca234e9', about: `${entry.name} ${begun}` }],
  items: () => [{ word: '001', about: 'cart' }],
  contracts: () => ['greet'],
  profiles: () => ['fast', 'final'],
  hookEvents: ['stop'],
}

describe('what may be typed next', () => {
  test.each<[typed: string, offered: string[], not: string[], paths: 'none' | 'files' | 'directories']>([
    ['', ['status', 'pause', 'request', 'contract', 'help'], ['lint', 'wait', 'tidy', 'complete'], 'none'],
    ['st', ['status'], ['bootstrap'], 'none'],
    ['-', ['--help', '--version'], ['status'], 'none'],
    ['--text st', ['status'], [], 'none'],
    ['request ', ['enable', 'wait', 'pause'], ['lint'], 'none'],
    ['request nothing ', [], [], 'none'],
    ['contract l', ['lint'], ['show'], 'none'],
    ['request enable --', ['--objective', '--contract', '--json'], ['--watch'], 'none'],
    ['status --w', ['--watch'], ['--cwd'], 'none'],
    ['status --watch --', ['--check'], ['--watch'], 'none'],
    ['enable --task-json x --', ['--task-json'], [], 'none'],
    ['status ', ['ef880ca234e9'], ['--watch'], 'none'],
    ['pause --reason lunch ', ['ef880ca234e9'], [], 'none'],
    ['pause --session-id e', ['ef880ca234e9'], [], 'none'],
    ['pause --run-id e', ['ef880ca234e9'], [], 'none'],
    ['pause ef880ca234e9 ', [], ['ef880ca234e9'], 'none'],
    ['amend ', [], ['ef880ca234e9'], 'none'],
    ['amend 0123456789ab ', ['ef880ca234e9'], [], 'none'],
    ['contract lint ', ['greet'], [], 'files'],
    ['enable --contract g', ['greet'], [], 'files'],
    ['enable --gate-profile f', ['fast', 'final'], [], 'none'],
    ['status --cwd /et', [], [], 'directories'],
    ['report --html ', [], [], 'files'],
    ['completion f', ['fish'], ['bash'], 'none'],
    ['hook ', ['stop'], [], 'none'],
    ['help con', ['contract', 'config-missing'], ['status'], 'none'],
    ['exec -- ech', [], [], 'files'],
  ])('%j', async (typed, offered, not, paths) => {
    const completion = await complete(typed.split(' '), known)
    const words = completion.candidates.map(({ word }) => word)
    expect(offered.filter((one) => !words.includes(one))).toEqual([])
    expect(not.filter((one) => words.includes(one))).toEqual([])
    expect(completion.paths).toBe(paths)
  })
})

test('the scripts ask the program by the name it was called by', () => {
  const scripts = (['bash', 'zsh', 'fish'] as const satisfies readonly Shell[]).map(completionScript)
  expect(scripts[0]).toMatch(
    /"\$\{COMP_WORDS\[0\]\}" complete -- [^]*complete -F _autonomous_loop autonomous-loop/,
  )
  expect(scripts[1]).toMatch(/^#compdef autonomous-loop\n[^]*bashcompinit[^]*complete -F _autonomous_loop/)
  expect(scripts[2]).toMatch(/\(\$words\[1\] complete -- [^]*complete -c autonomous-loop -f -a/)
})

test('a real bash completes commands, ids of runs, contracts and paths', async () => {
  const session = '0199aaaa-0000-7000-8000-000000000001'
  await withInstalled({ script: () => () => [message('nobody asks me')], trust: false }, async (lab) => {
    const enable = [
      'enable',
      '--objective',
      'Write * it',
      '--session-id',
      session,
      '--task-json',
      greetingTask,
    ]
    const { run_id: run } = await lab.json(enable)
    const id: string = run.slice(0, 12)
    lab.write('.codex/contracts/greet.yaml', 'objective: Greet\n')
    const program = `autonomous-loop() { ${process.execPath} ${path.join(projectRoot, 'bin/autonomous-loop.js')} "$@"; }`
    const reply = (words: readonly string[]): string[] =>
      execFileSync(
        'bash',
        [
          '--norc',
          '-c',
          `${program}
eval "$(autonomous-loop completion bash)"
shopt -s nullglob
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_autonomous_loop
printf '%s\\n' "\${COMPREPLY[@]}"`,
          'bash',
          'autonomous-loop',
          ...words,
        ],
        { encoding: 'utf8', cwd: lab.repo, env: lab.env() },
      )
        .split('\n')
        .filter((line) => line !== '')
    expect(reply(['pause', ''])).toEqual([id])
    // Each is a bash and a program more, and the table above says what else is offered.
    if (!long) return
    expect(reply(['sta'])).toEqual(['status'])
    expect(reply(['explain', run.slice(0, 13)])).toEqual([run.slice(0, 13)])
    expect(reply(['waive', session.slice(0, 9)])).toEqual([session])
    expect(reply(['contract', 'lint', ''])).toEqual(expect.arrayContaining(['greet', 'package.json']))
    expect(reply(['enable', '--gate-profile', 'f'])).toEqual(expect.arrayContaining(['final']))
    expect(reply(['status', '--cwd', 'te'])).toEqual(['test'])
    expect(reply(['exec', '--', 'REA'])).toEqual(['README.md'])

    // And as a person has it, by the key itself.
    const screen = startTui({ ...lab, codexPath: '/bin/bash' }, ['--norc', '-i'])
    try {
      screen.type(`${program}; eval "$(autonomous-loop completion bash)"; echo rea''dy\r`)
      await screen.shows(/ready/)
      screen.type('autonomous-loop pau\t')
      await screen.shows(/autonomous-loop pause /)
      screen.type(`${id.slice(0, 4)}\t`)
      await screen.shows(new RegExp(`autonomous-loop pause ${id} `))
    } finally {
      await screen.close()
    }
  })
})
