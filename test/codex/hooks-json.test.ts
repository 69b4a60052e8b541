import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { OWNER_KEY } from '../../src/codex/hooks-file/file.ts'
import {
  type InstalledHooks,
  type Merged,
  type OurGroup,
  mergeHooks,
} from '../../src/codex/hooks-file/json.ts'
import { type Removed, removeHooks } from '../../src/codex/hooks-file/removal.ts'

const command = '/home/u/.codex/autoloop/bin/hook'
const groups: OurGroup[] = [
  { event: 'Stop', command, timeout: 3600, statusMessage: 'checking the contract' },
  { event: 'SessionStart', command, timeout: 30 },
  { event: 'UserPromptSubmit', command, timeout: 30 },
  { event: 'PostToolUse', matcher: '^update_plan$', command, timeout: 30 },
]
const longer = groups.map((group) => (group.event === 'Stop' ? { ...group, timeout: 7200 } : group))

function merge(text: string | null, previous: InstalledHooks | null = null, wanted = groups): Merged {
  const merged = mergeHooks(text, wanted, previous)
  if (!merged.ok) throw new Error(merged.error.message)
  return merged.value
}
function remove(text: string, installed: InstalledHooks | null): Removed {
  const removed = removeHooks(text, installed)
  if (!removed.ok) throw new Error(removed.error.message)
  return removed.value
}

type Doc = { hooks: Record<string, Record<string, unknown>[]> }
const parse = (text: string) => JSON.parse(text) as Doc
const withoutOurs = (doc: Doc): Record<string, unknown[]> =>
  Object.fromEntries(
    Object.entries(doc.hooks ?? {})
      .map(([event, list]): [string, unknown[]] => [event, list.filter((group) => !(OWNER_KEY in group))])
      .filter(([, list]) => list.length > 0),
  )

// Arbitrary hooks.json: any values, any white space between tokens that strict JSON allows.
const handler = fc.record(
  { type: fc.constant('command'), command: fc.string(), timeout: fc.nat(), note: fc.jsonValue() },
  { requiredKeys: ['type', 'command'] },
)
const userGroup = fc.record(
  { matcher: fc.string(), hooks: fc.array(handler, { maxLength: 2 }) },
  { requiredKeys: ['hooks'] },
)
const eventName = fc.constantFrom('Stop', 'SessionStart', 'PreToolUse', 'UserPromptSubmit', 'SessionEnd')
const document = fc.record(
  { description: fc.string(), hooks: fc.dictionary(eventName, fc.array(userGroup, { maxLength: 3 })) },
  { requiredKeys: [] },
)
const space = fc.constantFrom('', '', ' ', '  ', '\n', '\n  ', '\n\t', '\r\n    ', ' \n\n')
function spaced(value: unknown, next: () => string): string {
  const join = (open: string, parts: string[], close: string) =>
    open + (parts.length > 0 ? parts.join(',') : next()) + close
  if (Array.isArray(value))
    return join(
      '[',
      value.map((each) => next() + spaced(each, next) + next()),
      ']',
    )
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return join(
    '{',
    Object.entries(value).map(
      ([key, inner]) => `${next()}${JSON.stringify(key)}${next()}:${next()}${spaced(inner, next)}${next()}`,
    ),
    '}',
  )
}
const oddText = fc
  .tuple(
    document,
    fc.oneof(fc.infiniteStream(space), fc.constantFrom<Iterable<string>>([], ['\n  '])),
    fc.constantFrom(0, 1, 2, 4, '\t'),
  )
  .map(([doc, stream, indent]) => {
    if (Array.isArray(stream)) return `${JSON.stringify(doc, null, indent)}${stream.length > 0 ? '\n' : ''}`
    const iterator = stream[Symbol.iterator]()
    return spaced(doc, () => String(iterator.next().value ?? ''))
  })

describe('any hooks.json of a user', () => {
  test('keeps what the user has, in place, before ours', () => {
    holds(
      100,
      fc.property(oddText, (text) => {
        const merged = merge(text)
        const before = parse(text).hooks ?? {}
        const after = parse(merged.text).hooks
        for (const [event, list] of Object.entries(before))
          expect(after[event]?.slice(0, list.length)).toEqual(list)
        for (const group of groups) expect(after[group.event]?.at(-1)).toHaveProperty(OWNER_KEY)
        expect(Object.keys(parse(merged.text)).filter((key) => key !== 'hooks')).toEqual(
          Object.keys(parse(text)).filter((key) => key !== 'hooks'),
        )
      }),
    )
  })

  test('merging again changes nothing, with and without the record', () => {
    holds(
      100,
      fc.property(oddText, (text) => {
        const first = merge(text)
        expect(merge(first.text, first.installed)).toEqual({ ...first, changed: false })
        expect(merge(first.text)).toMatchObject({ text: first.text, changed: false })
      }),
    )
  })

  test('removing gives back the very bytes, also after an upgrade', () => {
    holds(
      100,
      fc.property(oddText, (text) => {
        const first = merge(text)
        const second = merge(first.text, first.installed, longer)
        expect(second.changed).toBe(true)
        expect(remove(first.text, first.installed)).toEqual({
          text,
          changed: true,
          original: true,
          shifted: [],
        })
        expect(remove(second.text, second.installed).text).toBe(text)
      }),
    )
  })

  test('removing without the record leaves what the user has', () => {
    holds(
      100,
      fc.property(oddText, (text) => {
        const removed = remove(merge(text).text, null)
        if (removed.text === null) expect(withoutOurs(parse(text))).toEqual({})
        else expect(withoutOurs(parse(removed.text))).toEqual(withoutOurs(parse(text)))
      }),
    )
  })

  test('never throws on any text', () => {
    const broken = fc.tuple(oddText, fc.nat(), fc.string()).map(([text, at, noise]) => {
      const index = at % (text.length + 1)
      return text.slice(0, index) + noise + text.slice(index)
    })
    holds(
      100,
      fc.property(fc.oneof(broken, fc.string(), fc.json()), (text) => {
        const merged = mergeHooks(text, groups, null)
        if (merged.ok) expect(() => parse(merged.value.text)).not.toThrow()
        else expect(merged.error.code).toBe('hooks-json-invalid')
        expect(typeof removeHooks(text, null).ok).toBe('boolean')
      }),
    )
  })
})

describe('without a file', () => {
  test('a file is made, and goes away again', () => {
    const merged = merge(null)
    expect(merged).toMatchObject({ changed: true, legacy: [] })
    expect(Object.keys(parse(merged.text))).toEqual(['hooks'])
    expect(remove(merged.text, merged.installed)).toEqual({
      text: null,
      changed: true,
      original: true,
      shifted: [],
    })
    expect(remove(merged.text, null).text).toBe(null)
  })

  test('an upgrade of a file that is all ours replaces it', () => {
    const first = merge(null)
    const second = merge(first.text, first.installed, longer)
    expect(second).toEqual({ ...merge(null, null, longer), changed: true })
    expect(merge(first.text, first.installed)).toMatchObject({ text: first.text, changed: false })
  })

  test('what the user put into our file stays', () => {
    const first = merge(null)
    const doc = parse(first.text)
    doc.hooks['Stop']?.unshift({ hooks: [{ type: 'command', command: 'mine' }] })
    const removed = remove(JSON.stringify(doc, null, 2), first.installed)
    expect(JSON.parse(removed.text ?? '')).toEqual({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'mine' }] }] },
    })
    expect(removed.original).toBe(false)
  })
})

describe('a user who edits the file in between', () => {
  const mine = '{"hooks":[{"type":"command","command":"mine"}]}'
  const text = `{\n  "hooks": {\n    "Stop": [\n      ${mine}\n    ]\n  }\n}\n`

  test('elsewhere: both edits survive removal, byte for byte', () => {
    const first = merge(text)
    const edited = first.text.replace('"mine"', '"mine --more"')
    expect(remove(edited, first.installed)).toEqual({
      text: text.replace('"mine"', '"mine --more"'),
      changed: true,
      original: false,
      shifted: [],
    })
  })

  test('after ours: an upgrade moves no group, and removal says whose trust is lost', () => {
    const first = merge(text)
    const doc = parse(first.text)
    doc.hooks['Stop']?.push({ hooks: [{ type: 'command', command: 'later' }] })
    const edited = JSON.stringify(doc, null, 2)
    const second = merge(edited, first.installed, longer)
    const list = parse(second.text).hooks['Stop'] ?? []
    expect(list.map((group) => OWNER_KEY in group)).toEqual([false, true, false])
    expect(list[1]).toMatchObject({ hooks: [{ timeout: 7200 }] })
    const removed = remove(second.text, second.installed)
    expect(removed).toMatchObject({ original: false, shifted: ['Stop'] })
    expect(parse(removed.text ?? '').hooks).toEqual({
      Stop: [parse(text).hooks['Stop']?.[0], { hooks: [{ type: 'command', command: 'later' }] }],
    })
  })

  test('inside ours: it is put right again', () => {
    const first = merge(text)
    const edited = first.text.replace('"timeout": 3600', '"timeout": 1')
    expect(edited).not.toBe(first.text)
    expect(parse(merge(edited, first.installed).text)).toEqual(parse(first.text))
    expect(JSON.parse(remove(edited, first.installed).text ?? '')).toEqual(JSON.parse(text))
  })

  test('a doubled group of ours, or one for an event we gave up, goes', () => {
    const first = merge(text)
    const doc = parse(first.text)
    doc.hooks['Stop']?.push(doc.hooks['Stop'][1] ?? {})
    doc.hooks['PreToolUse'] = [{ hooks: [], [OWNER_KEY]: 1 }]
    const after = parse(merge(JSON.stringify(doc), first.installed).text).hooks
    expect(after['Stop']).toHaveLength(2)
    expect(after['PreToolUse']).toEqual([])
  })

  test('and lost the record: a later merge adds what is missing, and removal leaves nothing of ours', () => {
    const first = merge(text, null, groups.slice(0, 2))
    const second = merge(first.text)
    expect(second.installed).toMatchObject({ originalSha256: null, merged: null })
    const removed = remove(second.text, second.installed)
    expect(JSON.parse(removed.text ?? '')).toEqual({ hooks: { ...parse(text).hooks, SessionStart: [] } })
  })

  test('took ours out: nothing to remove, and merging puts them back', () => {
    const first = merge(text)
    expect(remove(text, first.installed)).toEqual({ text, changed: false, original: false, shifted: [] })
    expect(merge(text, first.installed)).toEqual(first)
  })
})

test('formatting follows the neighbours', () => {
  const text = '{\r\n\t"hooks": {\r\n\t\t"Stop": [\r\n\t\t\t{ "hooks": [] }\r\n\t\t]\r\n\t}\r\n}'
  const merged = merge(text, null, [{ event: 'Stop', command: 'x', timeout: 5 }])
  expect(merged.text).toBe(
    text.replace(
      '[] }',
      `[] },\r\n\t\t\t${JSON.stringify({ hooks: [{ type: 'command', command: 'x', timeout: 5 }], [OWNER_KEY]: 1 }, null, '\t').replaceAll('\n', '\r\n\t\t\t')}`,
    ),
  )
})

test.each([
  ['', 1, 1],
  ['{"hooks":{}', 1, 12],
  ['{\n  // mine\n  "hooks": {}\n}', 2, 3],
  ['{"hooks": {"Stop": [],}}', 1, 23],
  ['\ufeff{"hooks":{}}', 1, 1],
  ['[]', 1, 1],
  ['null', 1, 1],
  ['{"hooks":{},"hooks":{}}', 1, 13],
  ['{"hooks":{"Stop":[{"hooks":[{"type":"command","type":"command"}]}]}}', 1, 47],
  ['{"hooks":[]}', 1, 10],
  ['{"hooks":{"Stop":{}}}', 1, 18],
  ['{"hooks":{"Stop":[7]}}', 1, 19],
  ['{"$schema":"x","hooks":{}}', 1, 2],
  [`{"hooks":${'['.repeat(100_000)}`, 1, 73],
])('refuses %j and says where', (text, line, column) => {
  const expected = { ok: false, error: { code: 'hooks-json-invalid', data: { line, column } } }
  expect(mergeHooks(text, groups, null)).toMatchObject(expected)
  expect(removeHooks(text, null)).toMatchObject(expected)
})

test('hooks of the original autonomous-loop are reported, not touched', () => {
  const old = 'autonomous-loop hook stop'
  const text = JSON.stringify({
    hooks: {
      Stop: [
        { hooks: [{ type: 'command', command: 'echo autonomous-loop' }] },
        {
          hooks: [
            { type: 'command', command: old },
            { type: 'command', command: '/x/autonomous-loop hook session-start' },
          ],
        },
      ],
    },
  })
  const merged = merge(text)
  expect(merged.legacy).toEqual([
    { event: 'Stop', group: 1, command: old },
    { event: 'Stop', group: 1, command: '/x/autonomous-loop hook session-start' },
  ])
  expect(parse(merged.text).hooks['Stop']).toHaveLength(3)
})
