import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import type { Site } from '../rig.ts'
import { goalSite } from './site.ts'

let site: Site
afterEach(() => site.remove())

test('what cannot be worked by is refused with its place and what mends it, and nothing begins', async () => {
  site = await goalSite([], {
    files: {
      'bare.md': '# Without a scope\n',
      'wide.md': '---\nscope: ["**"]\n---\n# Too wide\n',
      'odd.md': '---\nscope: [src/**]\nspeed: 9\n---\n# Odd\n',
      'empty.md': '---\nscope: [src/**]\n---\n',
      'tasks.md': '# Tasks\n\n## T1: Not one\n- commandRef: nothing\n- pathChanged: elsewhere/**\n',
    },
  })
  fs.writeFileSync(path.join(site.dir, 'outside.md'), '# Outside\n')
  fs.symlinkSync(path.join(site.dir, 'outside.md'), path.join(site.repo, 'link.md'))
  const said = async (...args: string[]): Promise<readonly unknown[]> => {
    const { code, stdout, stderr } = await site.cli(['run', '--json', ...args])
    const answer = JSON.parse(stdout === '' ? stderr : stdout) as Record<string, string>
    return [code, answer['error_code'], `${answer['message']} ${answer['remediation']}`]
  }
  const goal = (file: string, ...more: string[]) => said('--goal', file, '--yes', ...more)
  expect(await goal('bare.md')).toEqual([
    1,
    'invalid-goal',
    expect.stringMatching(/bare\.md:\d+ {2}scope: found nothing[^]*run --goal bare\.md --scope 'src\/\*\*'/),
  ])
  expect(await goal('wide.md')).toEqual([
    1,
    'invalid-goal',
    expect.stringMatching(/wide\.md:2 {2}scope\[0\]/),
  ])
  expect(await goal('bare.md', '--scope', '**')).toEqual([
    1,
    'invalid-goal',
    expect.stringContaining('leaves the whole'),
  ])
  expect(await goal('odd.md')).toEqual([1, 'invalid-goal', expect.stringMatching(/odd\.md:3 {2}speed/)])
  expect(await goal('empty.md')).toEqual([1, 'invalid-goal', expect.any(String)])
  expect(await goal('missing.md')).toEqual([1, 'invalid-goal', expect.any(String)])
  expect(await goal('link.md', '--scope', 'src/**')).toEqual([1, 'invalid-goal', expect.any(String)])
  expect(await goal('../outside.md', '--scope', 'src/**')).toEqual([
    1,
    'invalid-goal',
    expect.stringContaining('outside'),
  ])
  expect(await said('--goal', 'plan.md')).toEqual([1, 'goal-unaccepted', expect.stringContaining('--yes')])
  expect((await site.cli(['run', '--scope', 'src/**'])).code).toBe(2)
  expect((await site.cli(['run', '001', '--goal', 'plan.md'])).code).toBe(2)
  // An agent says yes to nothing.
  const agent = await site.cli(['run', '--goal', 'plan.md', '--yes'], { CODEX_CI: '1' })
  expect(agent.code).toBe(1)
  expect(agent.stdout + agent.stderr).toContain('person')
  expect(site.starts()).toEqual([])
  // Text that looks like tasks is text.
  const dry = await site.cli(['run', '--dry-run', '--goal', 'tasks.md', '--scope', 'src/**', '--json'])
  expect(JSON.parse(dry.stdout)).toMatchObject({
    ok: true,
    batch: null,
    items: [
      {
        id: 'goal',
        title: 'Tasks',
        scope: ['src/**'],
        proof: ['anything in the scope changed'],
        gates: ['test'],
      },
    ],
  })
}, 120_000)

test('on a terminal plan and rules are shown to the letter and asked once, and no says that nothing began', async () => {
  site = await goalSite([{ steps: [{ write: 'src/1.txt' }], answer: { summary: '', completed: true } }], {
    files: { 'TASK.md': 'Be \u001b[31mbrief.\n' },
  })
  const no = site.terminal(['run', '--goal', 'plan.md'])
  await no.shows(/Add numbers[^]*Be brief\.[^]*Work towards this goal\?/)
  no.type('n\r')
  expect(await no.ended).toBe(1)
  // Its own red is in a failure.
  expect(no.raw()).not.toContain('\u001b[31mbrief')
  expect(site.starts()).toEqual([])
  const yes = site.terminal(['run', '--goal', 'plan.md'])
  await yes.shows(/Work towards this goal\?/)
  yes.type('y\r')
  expect(await yes.ended).toBe(0)
  expect(yes.text()).toContain('opened towards the goal of plan.md')
}, 120_000)
