import { expect, test } from '@jest/globals'
import type { Draft } from '../../src/backlog/draft.ts'
import { itemName, draftText } from '../../src/backlog/draft-text.ts'
import { itemOf } from './rig.ts'

const draft = (parts: Partial<Draft> = {}): Draft => ({
  title: 'Add a cart',
  text: 'Words.',
  scope: ['src/cart/**'],
  after: [],
  exclusive: [],
  tasks: [{ title: 'Done', evidence: [{ kind: 'commandRef', name: 'test' }] }],
  ...parts,
})

test.each([
  ['Add a cart', '001-add-a-cart.md'],
  ['../../pwned', '001-pwned.md'],
  ['x/../../../pwned', '001-x-pwned.md'],
  ['  ', '001-item.md'],
  ['..', '001-item.md'],
  ['Größe ändern', '001-gro-e-andern.md'],
  ['a\u0000b\nc', '001-ab-c.md'],
  ['日本', '001-item.md'],
  ['x'.repeat(300), `001-${'x'.repeat(50)}.md`],
  [`${'x'.repeat(49)} y`, `001-${'x'.repeat(49)}.md`],
])('%j is the name %s', (words, name) => {
  expect(itemName('001', words)).toBe(name)
})

test('a draft says the same as a file', () => {
  const item = itemOf(
    '001-a.md',
    draftText(
      draft({
        scope: ['src/\\[id\\].ts', '**/x', 'package.json#/dependencies', 'with: colon', "it's"],
        after: ['002'],
        exclusive: ['db'],
        tasks: [
          {
            title: 'It holds items',
            evidence: [
              { kind: 'pathChanged', path: 'src/a b.ts' },
              { kind: 'pathChanged', glob: '{src/a,src/b\\,c}' },
              { kind: 'pathExists', glob: 'docs/*.md', min: 2 },
              { kind: 'fileMatches', path: 'README.md', pattern: '^## "Cart" / {1}$', absent: true },
              { kind: 'pathAbsent', path: 'src/{old}.ts' },
            ],
          },
          { title: '', evidence: [{ kind: 'pathUnchanged', path: 'LICENSE' }] },
        ],
      }),
    ),
  )
  expect(item.scope).toEqual(['src/\\[id\\].ts', '**/x', 'package.json#/dependencies', 'with: colon', "it's"])
  expect([item.after, item.exclusive, item.title]).toEqual([['002'], ['db'], 'Add a cart'])
  expect(item.contract.tasks.map((one) => [one.id, one.title])).toEqual([
    ['T1', 'It holds items'],
    ['T2', 'Done'],
  ])
  expect(item.contract.tasks.flatMap((one) => one.evidence)).toEqual([
    { kind: 'pathChanged', path: 'src/a b.ts' },
    { kind: 'pathChanged', glob: '{src/a,src/b\\,c}' },
    { kind: 'pathExists', glob: 'docs/*.md', min: 2 },
    { kind: 'fileMatches', path: 'README.md', pattern: '^## "Cart" / {1}$', absent: true },
    { kind: 'pathAbsent', path: 'src/{old}.ts' },
    { kind: 'pathUnchanged', path: 'LICENSE' },
  ])
})

test.each([
  ['a heading', 'Before\n## T9: Nothing\n- pathExists: README.md\nafter'],
  ['a heading with another line end', 'Before\r\n## T9: Nothing\r\n- pathExists: README.md\rafter'],
  ['a fence that stays open', 'Before\n```sh\nrun\n## T9: x'],
  ['another fence that stays open', '~~~~\n```\nrun'],
  ['front matter', '---\nscope: ["src/**"]\nmends: [test]\n---\n# Other'],
  ['list items with a colon', '- word: something\n- pathExists: README.md'],
  ['escapes of a terminal', '\u001b[2J\u0000\u202eevil'],
])('its text is never more than text: %s', (_, text) => {
  const item = itemOf('001-a.md', draftText(draft({ text, title: `Title\n## T8: evil ${text}` })))
  expect(item.scope).toEqual(['src/cart/**'])
  expect(item.mends).toEqual([])
  expect(item.contract.tasks).toMatchObject([{ id: 'T1', evidence: [{ kind: 'commandRef', name: 'test' }] }])
  expect(item.prompt).not.toMatch(/[\u0000\u001b\u202e]/)
})
