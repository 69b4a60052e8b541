import fs from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { type ScriptedTurn, type Site, item, makeSite } from '../rig.ts'
import { recordOf } from '../kill/batch.ts'
import { answer, states } from '../asked.ts'

let site: Site
afterEach(() => {
  // What is still at work would keep the tests from ending.
  fs.writeFileSync(site.at('go'), '')
  site.remove()
})

const file = (id: string): string => `.codex/backlog/${id}-a.md`
const waits = (): Readonly<Record<string, unknown>> => ({
  sh: `until [ -e '${site.at('go')}' ]; do sleep 0.02; done`,
})

test('an item whose text changes in mid work keeps its candidate, which is judged first under the text that a person decides on', async () => {
  const agreed = item({ scope: '[src/**, docs/**]' })
  site = makeSite({
    items: {
      '001-a.md': agreed,
      '002-a.md': agreed,
      '003-a.md': agreed,
      '004-a.md': item({ front: 'after: [001]\n', title: 'Before' }),
    },
    supervisor: { jobs: 3 },
  })
  site.script(
    Object.fromEntries([
      ...['001', '002', '003'].map((id): [string, ScriptedTurn[]] => [
        id,
        [
          { at: '1.1', steps: [{ write: `src/${id}.txt`, text: 'first' }, waits()] },
          { steps: [{ write: `docs/${id}.txt`, text: 'again' }] },
        ],
      ]),
      ['004', [{ steps: [{ write: 'src/004.txt', text: 'first' }] }]],
    ]),
  )
  expect(await site.cli(['allow'])).toMatchObject({ code: 0 })
  const running = site.start(['run', '--json'])
  for (const id of ['001', '002', '003'])
    await running.event((one) => one.type === 'turn-begun' && one.data.item === id)
  site.write(file('001'), agreed.replace('Write it', 'Write it well'))
  site.write(file('002'), agreed.replace('Write it', 'Refused'))
  site.write(file('003'), agreed.replace('- pathChanged: src/**', '- pathChanged: docs/**'))
  // Before its start: it waits for a word, and is not parked.
  site.write(file('004'), item({ front: 'after: [001]\n', title: 'After' }))
  fs.writeFileSync(site.at('go'), '')
  expect((await running.done).code).toBe(5)
  const parked = 'parked: contract-changed'
  expect(await states(site)).toEqual({ '001': parked, '002': parked, '003': parked, '004': 'waiting' })

  expect((await site.cli(['accept', '001', '003', '004'])).code).toBe(0)
  expect((await site.cli(['reject', '002'])).code).toBe(0)
  const again = await site.cli(['run', '--json'])
  expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' })
  // No agent worked a second time at what was good as it was.
  expect(
    site
      .starts()
      .map((one) => `${one.item} ${one.attempt}`)
      .toSorted(),
  ).toEqual(['001 1', '002 1', '003 1', '003 3', '004 1'])
  expect(['001', '002'].map((id) => site.show(`src/${id}.txt`))).toEqual(['first', 'first'])
  expect([site.show('src/003.txt'), site.show('docs/003.txt')]).toEqual([null, 'again'])
  expect(site.starts().find((one) => one.item === '004')?.prompt).toContain('# After')
  const { state } = recordOf(site)
  expect([...state.items.values()].map((one) => [one.attempts, one.counted])).toEqual([
    [2, 0],
    [2, 0],
    [3, 0],
    [1, 0],
  ])

  // After it was done, an edit is only told of.
  site.write(file('001'), agreed)
  expect(await answer(site, 1, 'accept', '001')).toMatchObject({ error_code: 'no-item' })

  expect(await answer(site, 1, 'reopen', '009')).toMatchObject({ error_code: 'no-item' })
  site.write(file('001'), agreed.replace('Write it', 'Write it well'))
  const head = site.head()
  expect(await answer(site, 0, 'reopen', '001')).toMatchObject({
    items: ['001'],
    untouched: [{ id: '004', state: 'done' }],
    running: false,
  })
  expect(await answer(site, 1, 'reopen', '001')).toMatchObject({ error_code: 'no-item' })
  expect(site.head()).toBe(head)
  expect(await answer(site, 6, 'status', '--batch', '--check')).toMatchObject({
    state: 'paused',
    next: 'autonomous-loop run',
    items: [{ state: 'ready' }, { state: 'done' }, { state: 'done' }, { state: 'done' }],
  })
  site.script({ '001': [{ steps: [{ write: 'src/001.txt', text: 'second' }] }] })
  expect((await site.cli(['run', '--json'])).code).toBe(0)
  expect([site.show('src/001.txt'), site.show('src/004.txt')]).toEqual(['second', 'first'])
  expect(site.starts().at(-1)?.prompt).toContain('A person opened it again')
}, 180_000)
