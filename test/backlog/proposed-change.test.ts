import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { withMembers } from '../../src/backlog/edit-front.ts'
import { proposedChange } from '../../src/backlog/proposed-change.ts'
import { writeChange } from '../../src/backlog/write-change.ts'
import { itemOf, markdown } from './rig.ts'

describe('other members leave all else as it was', () => {
  test.each([
    ['001-a.md', '---\n# why\nscope: [src/**] # here\nafter: [2]\n---\n# Do it\n\n---\nText\n'],
    ['001-a.md', '---\nscope:\n  - src/**\n---\n# Do it\n'],
    ['001-a.md', '\ufeff---\r\nscope: [src/**]\r\n---\r\n# Do it\r\n'],
    ['001-a.yaml', 'objective: Do it\nscope: [src/**]\n'],
    ['001-a.json', '{"objective": "Do it", "scope": ["src/**"]}'],
  ])('%s %j', (name, text) => {
    const before = itemOf(name, text)
    const scope = ['src/**', '**/x.ts', 'package.json#/dependencies']
    const after = itemOf(name, withMembers({ name, text }, { scope }))
    expect(before.scope).toEqual(['src/**'])
    const { title, prompt, after: waits, priority, limits } = before
    expect(after).toMatchObject({ title, prompt, after: waits, priority, limits, scope })
  })

  test('comments and the text below stay', () => {
    const text = '---\n# why\nscope: [src/**] # here\n---\n# Do it\n\n---\nText\n'
    expect(withMembers({ name: '001-a.md', text }, { after: ['007'] })).toBe(
      '---\n# why\nscope: [src/**] # here\nafter: ["007"]\n---\n# Do it\n\n---\nText\n',
    )
  })
})

test('an agent gives a new item a title, a text and a scope, and never a right: front matter is ours', () => {
  const item = itemOf('003-a.md', markdown('scope: [src/**]\nlimits: {attempts: 2}\npriority: 1\n'))
  const { added, changed } = proposedChange(
    {
      kind: 'add-dependency',
      item: {
        title: '\u001b[2J../../x\nlimits: 9',
        text: '---\nlimits: {attempts: 999}\n---\nText',
        scope: ['lib/**'],
      },
    },
    item,
    [],
    ['998', '003'],
  )
  expect(added.map((one) => one.name)).toEqual(['999-x-limits-9.md'])
  expect(itemOf('999-x-limits-9.md', added[0]?.text ?? '')).toMatchObject({
    title: '../../x limits: 9',
    scope: ['lib/**'],
    limits: { attempts: 2 },
    priority: 1,
    after: [],
  })
  expect(changed.map((one) => itemOf(one.name, one.text).after)).toEqual([['999']])
})

describe('writing', () => {
  const root = fs.mkdtempSync(path.join(os.homedir(), '.autoloop-change-'))
  const at = (name: string): string => path.join(root, '.codex/backlog', name)
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }))

  test('never goes over what is there, and what was begun of it goes again', () => {
    fs.mkdirSync(at(''), { recursive: true })
    fs.writeFileSync(at('005-b.md'), 'theirs')
    const added = ['004-a.md', '005-b.md'].map((name) => ({ name, text: 'ours' }))
    expect(writeChange(root, { added, changed: [], replaced: null }, [], new Map())).toMatchObject({
      ok: false,
      error: { code: 'io' },
    })
    expect(fs.readdirSync(at(''))).toEqual(['005-b.md'])
    expect(fs.readFileSync(at('005-b.md'), 'utf8')).toBe('theirs')
  })
})
