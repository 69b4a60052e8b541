import fs from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { sha256 } from '../../src/base/hash.ts'
import { readItemName } from '../../src/backlog/item-id.ts'
import { parseItem } from '../../src/backlog/parse-item.ts'
import { projectRoot } from '../rig/root.ts'
import { config, itemOf, markdown, places } from './rig.ts'

const cart = `---
after: [001, 7]
scope: [src/cart/**, ./test/cart/, package.json#/dependencies]
priority: 2
exclusive: [db]
mends: [test]
agent: codex
review: [mine]
limits: {attempts: 4, turns: 9, minutes: 60, tokens: 2000000}
allowVacuous: true
gateProfile: slow
---
# Add a shopping cart
Text for the agent.

## T1: The cart holds items
Words below a task.
- pathChanged: src/cart/**
- commandRef: test
`

describe('one item', () => {
  const item = itemOf('002-cart.md', cart)

  test('says everything that its file says', () => {
    expect(item).toMatchObject({
      id: '002',
      slug: 'cart',
      file: '.codex/backlog/002-cart.md',
      text: cart,
      digest: sha256(`.codex/backlog/002-cart.md\0${cart}`),
      title: 'Add a shopping cart',
      after: ['001', '007'],
      scope: ['src/cart/**', 'test/cart/**', 'package.json#/dependencies'],
      priority: 2,
      exclusive: ['db'],
      mends: ['test'],
      agent: 'codex',
      review: ['mine'],
      limits: { attempts: 4, turns: 9, minutes: 60, tokens: 2_000_000 },
      allowVacuous: true,
    })
    expect(item.contract).toMatchObject({
      objective: 'Add a shopping cart\n\nText for the agent.',
      gateProfile: 'slow',
      scope: ['src/cart/**', 'test/cart/**', 'package.json#/dependencies'],
      tasks: [{ id: 'T1', evidence: [{ kind: 'pathChanged', glob: 'src/cart/**' }, { kind: 'commandRef' }] }],
    })
  })

  test('gives the agent the prose below tasks too, and no front matter', () => {
    expect(item.prompt).toContain('Words below a task.')
    expect(item.prompt.startsWith('# Add a shopping cart')).toBe(true)
  })

  test('knows the line of each member and entry', () => {
    expect(item.lines).toMatchObject({
      after: 2,
      'after[1]': 2,
      scope: 3,
      'mends[0]': 6,
      'review[0]': 8,
      'tasks[0]': 16,
      'tasks[0].evidence[1]': 19,
    })
  })

  test('needs only a scope and an objective; without tasks any change in the scope counts', () => {
    const small = itemOf('010-small.md', markdown('scope: [docs/**]', '# Write it down\n'))
    expect(small).toMatchObject({
      after: [],
      priority: 3,
      exclusive: [],
      mends: [],
      agent: null,
      review: null,
      limits: {},
      allowVacuous: false,
    })
    expect(small.contract.tasks).toMatchObject([{ id: 'T1', evidence: [{ kind: 'pathChanged' }] }])
    expect(small.input.taskTexts).toEqual([])
  })

  test('is the same in YAML and JSON', () => {
    const fields = {
      objective: 'Do it\n\nWith care.',
      after: [1],
      scope: ['src/**'],
      tasks: [{ id: 'T1', title: 'It', evidence: [{ kind: 'pathExists', path: 'src/a.ts' }] }],
    }
    const json = itemOf('003-it.json', JSON.stringify(fields))
    const yaml = itemOf(
      '003-it.yaml',
      'objective: |-\n  Do it\n\n  With care.\nafter: [001]\nscope: [src/**]\ntasks:\n  - id: T1\n    title: It\n    evidence: [{kind: pathExists, path: src/a.ts}]\n',
    )
    expect({ ...yaml, file: 0, text: 0, digest: 0, lines: 0 }).toEqual({
      ...json,
      file: 0,
      text: 0,
      digest: 0,
      lines: 0,
    })
    expect(json).toMatchObject({ after: ['001'], title: 'Do it', prompt: 'Do it\n\nWith care.' })
  })

  test('has a title that is one plain line', () => {
    const text = JSON.stringify({ objective: '\n Add\t\u001b[31ma\u202ecart \nmore', scope: ['src/**'] })
    expect(itemOf('003-it.json', text).title).toBe('Add acart')
  })

  test('has another digest in another place, and with another byte', () => {
    const digests = [
      itemOf('002-cart.md', cart),
      itemOf('003-cart.md', cart),
      itemOf('002-cart.md', `${cart}\n`),
      itemOf('002-cart.md', `\ufeff${cart}`),
    ].map((one) => one.digest)
    expect(new Set(digests).size).toBe(4)
  })
})

test('the item in the documents is good', () => {
  const doc = fs.readFileSync(`${projectRoot}/docs/backlog.md`, 'utf8')
  const text = /```md\n([^]*?)```/.exec(doc)?.[1] ?? ''
  expect(itemOf('002-cart.md', text)).toMatchObject({
    after: ['001'],
    review: ['claude'],
    title: 'Add a shopping cart',
  })
})

test.each([
  ['after: [1]', ['001']],
  ['after: [001]', ['001']],
  ['after: ["001", "12", 012]', ['001', '012']],
  ['after: [010, 1234]', ['010', '1234']],
])('%s means %j', (line, ids) => {
  expect(itemOf('900-it.md', markdown(`${line}\nscope: [src/**]`)).after).toEqual(ids)
})

test.each([
  ['001-a.md', '001'],
  ['123456-a.b_c-d.yaml', '123456'],
  ['000-zero.json', '000'],
  ['001-a.yml', '001'],
  ['01-a.md', undefined],
  ['0001-a.md', undefined],
  ['1234567-a.md', undefined],
  ['001-.md', undefined],
  ['001-A.md', undefined],
  ['001-../a.md', undefined],
  ['001-a.txt', undefined],
  ['001-a.md.bak', undefined],
  ['a.md', undefined],
])('the name %s is item %s', (name, id) => {
  expect(readItemName(name)?.id).toBe(id)
})

describe('all problems of a file at once, with their lines', () => {
  test.each<[string, string, string, string[]]>([
    [
      'unknown keys of item and limits',
      '001-a.md',
      markdown('scopes: [src/**]\nlimits: {maxStopIterations: 3}\npriority: 0'),
      [
        '2 scopes: unknown key "scopes"; did you mean scope?',
        '3 limits.maxStopIterations: unknown key "maxStopIterations"',
        '4 priority: 0',
      ],
    ],
    ['no scope', '001-a.md', '# Do it\n', ['1 scope: nothing']],
    ['an empty scope', '001-a.md', markdown('scope: []'), ['2 scope: 0 entries']],
    [
      'entries of the scope and a command',
      '001-a.md',
      markdown('scope: [/etc, src/**, ../x]', '# Do it\n## One\n- commandRef: tset\n- pathChanged: src/**\n'),
      ['2 scope[0]: "/etc"', '2 scope[2]: "../x"', '6 tasks[0].evidence[0].name: "tset"'],
    ],
    ['a profile', '001-a.md', markdown('scope: [src/**]\ngateProfile: fnial'), ['3 gateProfile: "fnial"']],
    [
      'words for ids',
      '001-a.md',
      markdown('after: [cart, -1, 1.5]\nscope: [a/**]'),
      ['2 after[0]: "cart"', '2 after[1]: -1', '2 after[2]: 1.5'],
    ],
    ['a list that is none', '001-a.md', markdown('after: 001\nscope: [a/**]'), ['2 after: 1']],
    ['YAML that is none', '001-a.yaml', 'scope: [a\n', ['2 YAML']],
    ['doubled keys', '001-a.json', '{"objective": "x", "scope": ["a"], "scope": ["b"]}', ['1 JSON']],
    ['a name', 'cart.md', '# x', ['1 name: "cart.md"']],
    [
      'a misspelt kind',
      '001-a.md',
      markdown('scope: [a/**]', '# x\n## One\n- pathChangd: a\n'),
      ['6 Markdown'],
    ],
  ])('%s', (_what, name, text, expected) => {
    const item = parseItem(name, text, config)
    const found = item.ok ? [] : places(item.error)
    expect(found).toHaveLength(expected.length)
    for (const [index, one] of expected.entries())
      expect(found[index]).toContain(`.codex/backlog/${name}:${one}`)
  })

  test('each with what is allowed and an example', () => {
    const item = parseItem('001-a.md', markdown('scope: [src/**]\nagent: [x]'), config)
    expect(item).toMatchObject({
      error: [{ allowed: 'the name of an agent in supervisor.agents', example: 'codex' }],
    })
  })
})
