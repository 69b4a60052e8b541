import fs from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { type Site, makeSite } from '../rig.ts'
import { answer, states } from '../asked.ts'

let site: Site
afterEach(() => site.remove())

test('a task that is typed is a batch of one item, without a backlog; what it may change and what proves it is typed too', async () => {
  site = makeSite({
    items: {},
    script: {
      '001': [
        { at: '1.1', steps: [{ write: 'src/x.txt', text: 'x' }] },
        {
          at: '1.2',
          answer: { status: 'proposal', summary: '', proposal: { kind: 'widen-scope', scope: ['docs/**'] } },
        },
        { at: '2.1', steps: [{ write: 'docs/x.md', text: 'x' }] },
      ],
    },
  })
  const backlog = path.join(site.repo, '.codex/backlog')
  fs.rmSync(backlog, { recursive: true, force: true })
  const typed = ['run', '--task', 'Write x\nand what it is for', '--proof', 'pathExists: docs/x.md'] as const
  // A config is a person's word too.
  expect(await answer(site, 1, ...typed, '--scope', 'src/**')).toMatchObject({
    error_code: 'config-unapproved',
  })
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  expect((await site.cli(typed)).code).toBe(2)
  expect((await site.cli(['run', '--scope', 'src/**'])).code).toBe(2)
  expect(
    (await site.cli([...typed, '--scope', 'src/**'], { CODEX_THREAD_ID: 'x', CODEX_CI: '1' })).code,
  ).toBe(1)
  expect(await answer(site, 1, ...typed, '--scope', '**')).toMatchObject({ error_code: 'invalid-contract' })
  expect(await answer(site, 1, ...typed, '--scope', 'src/**', '--proof', 'commandRef: nix')).toMatchObject({
    error_code: 'invalid-contract',
  })

  const ran = await site.cli([...typed, '--scope', 'src/**', '--proof', 'a reader knows why', '--json'])
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 5, stderr: '' })
  const [first, second] = site.starts().map((one) => one.prompt)
  expect(first).toContain('# Write x\n\nand what it is for\n\nDone when:\n\na reader knows why\n')
  expect(second).toContain('docs/x.md')
  expect(await states(site)).toEqual({ '001': 'parked: proposal' })
  expect(await answer(site, 0, 'accept', '001', '--yes')).toMatchObject({ items: [{ wider: ['docs/**'] }] })
  expect(fs.existsSync(backlog)).toBe(false)
  // Files of a backlog are another batch's.
  site.write('.codex/backlog/002-b.md', '---\nscope: [src/**]\n---\n# B\n')
  expect(await answer(site, 1, ...typed, '--scope', 'src/**')).toMatchObject({ error_code: 'batch-open' })
  expect(await answer(site, 0, 'status', '--batch')).toMatchObject({
    new_items: [],
    next: 'autonomous-loop run',
  })
  expect((await site.cli(['run', '--json'])).code).toBe(0)
  expect(site.show('docs/x.md')).toBe('x')
  expect(await answer(site, 0, 'land', '--merge')).toMatchObject({ ok: true })

  site.script({ '001': [{ steps: [{ write: 'src/y.txt', text: 'y' }] }] })
  expect((await site.cli(['run', '--task', 'Write y', '--scope', 'src/**', '--json'])).code).toBe(0)
  expect(site.show('src/y.txt')).toBe('y')
}, 120_000)
