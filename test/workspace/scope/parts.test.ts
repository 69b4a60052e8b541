import { expect, test } from '@jest/globals'
import { readScopeEntry } from '../../../src/contract/scope.ts'
import type { StructuredFormat } from '../../../src/contract/structured-files.ts'
import { differingParts } from '../../../src/workspace/scope/differing-parts.ts'
import { readTree } from '../../../src/workspace/scope/read-tree.ts'

/** Pointers of what differs outside of the open ones; the reason where a side cannot be read. */
function differing(format: StructuredFormat, was: string, now: string, open: readonly string[]): unknown {
  const [before, after] = [readTree(format, was), readTree(format, now)]
  if (!before.ok) return `start: ${before.why}`
  if (!after.ok) return `now: ${after.why}`
  const pointers = open.map((one) => readScopeEntry(`a.json#${one}`).pointer ?? [])
  return differingParts(before.tree, after.tree, pointers).map((part) => part.pointer)
}

type Row = readonly [
  name: string,
  format: StructuredFormat,
  was: string,
  now: string,
  open: readonly string[],
  expected: readonly string[] | RegExp,
]

const rows: readonly Row[] = [
  // JSON
  ['a member below an open pointer', 'json', '{"a":{"x":1}}', '{"a":{"x":2,"y":3}}', ['/a'], []],
  ['a member beside it', 'json', '{"a":1,"b":1}', '{"a":2,"b":2}', ['/a'], ['/b']],
  [
    'the smallest part is named',
    'json',
    '{"s":{"t":{"u":1,"v":1}}}',
    '{"s":{"t":{"u":2,"v":1}}}',
    [],
    ['/s/t/u'],
  ],
  ['an open part that was not there', 'json', '{"b":1}', '{"b":1,"a":{"x":1}}', ['/a'], []],
  ['an open part that goes', 'json', '{"a":{"x":1},"b":1}', '{"b":1}', ['/a'], []],
  ['nothing but an open part below', 'json', '{}', '{"a":{"b":1}}', ['/a/b'], []],
  ['something else beside the open part below', 'json', '{}', '{"a":{"b":1,"c":1}}', ['/a/b'], ['/a/c']],
  ['a key moved out of an open part', 'json', '{"a":{"x":1}}', '{"a":{},"x":1}', ['/a'], ['/x']],
  ['a key moved into one', 'json', '{"a":{},"x":1}', '{"a":{"x":1}}', ['/a'], ['/x']],
  [
    'members in another order',
    'json',
    '{"e":{"import":1,"require":2}}',
    '{"e":{"require":2,"import":1}}',
    [],
    ['/e'],
  ],
  ['an open part that stands elsewhere', 'json', '{"a":1,"b":1,"c":1}', '{"b":1,"c":1,"a":2}', ['/a'], []],
  ['white space', 'json', '{"a":[1,2]}', '{\n  "a": [1, 2]\n}\n', [], []],
  ['an escape that means the same', 'json', '{"a":"\\u0062"}', '{"a":"b"}', [], []],
  ['a comment', 'json', '{"a":1}', '{/* x */"a":1,}', [], []],
  ['1 and "1"', 'json', '{"a":1}', '{"a":"1"}', [], ['/a']],
  ['1 and 1.0', 'json', '{"a":1}', '{"a":1.0}', [], ['/a']],
  [
    'numbers that JavaScript takes for one',
    'json',
    '{"a":9007199254740992}',
    '{"a":9007199254740993}',
    [],
    ['/a'],
  ],
  ['null and nothing', 'json', '{"a":null}', '{}', [], ['/a']],
  ['a list of the same length', 'json', '{"a":[{"x":1},{"x":1}]}', '{"a":[{"x":1},{"x":2}]}', [], ['/a/1/x']],
  ['a longer list', 'json', '{"a":[1]}', '{"a":[0,1]}', [], ['/a']],
  ['an open element', 'json', '{"a":[{"x":1},{"x":1}]}', '{"a":[{"x":2},{"x":2}]}', ['/a/1'], ['/a/0/x']],
  ['elements after an open one', 'json', '{"a":[1,2]}', '{"a":[9,2,3]}', ['/a/0'], ['/a/2']],
  ['an object in the place of a list', 'json', '{"a":[1]}', '{"a":{"0":1}}', ['/a/0'], ['/a']],
  ['text for a part', 'json', '{"a":{"b":1}}', '{"a":"x"}', ['/a/b'], ['/a']],
  ['another kind at the top', 'json', '{"a":1}', '[1]', ['/a'], ['']],
  ['names with / and ~', 'json', '{"a/b":{"~":1}}', '{"a/b":{"~":2}}', [], ['/a~1b/~0']],
  ['an open name with / and ~', 'json', '{"a/b":{"~":1}}', '{"a/b":{"~":2}}', ['/a~1b/~0'], []],
  ['__proto__ is a name like any other', 'json', '{}', '{"__proto__":{"x":1}}', ['/a'], ['/__proto__']],
  ['constructor too', 'json', '{"constructor":1}', '{"constructor":2}', [], ['/constructor']],
  ['a key twice', 'json', '{"a":1}', '{"a":1,"b":1,"b":2}', ['/a', '/b'], /^now: "b" stands twice/],
  ['a key twice at the start', 'json', '{"b":1,"b":2}', '{"b":2}', ['/a'], /^start: "b" stands twice/],
  ['broken JSON', 'json', '{"a":1}', '{"a":1', ['/a'], /^now: it is not JSON/],
  ['two documents of JSON', 'json', '{"a":1}', '{"a":1}{"b":1}', ['/a'], /^now: it is not JSON/],
  ['nothing', 'json', '{"a":1}', '', ['/a'], /^now: it is not JSON/],
  [
    'nesting without end',
    'json',
    '{}',
    '['.repeat(200_000),
    ['/a'],
    /^now: it is (?:nested too deeply|not JSON)/,
  ],
  // TOML
  [
    'a table below an open pointer',
    'toml',
    '[tool.uv]\na = 1\n',
    '[tool.uv]\na = 2\nb = 3\n',
    ['/tool/uv'],
    [],
  ],
  [
    'a table beside it',
    'toml',
    '[tool.uv]\na = 1\n',
    '[tool.uv]\na = 1\n[tool.pytest]\nx = 1\n',
    ['/tool/uv'],
    ['/tool/pytest'],
  ],
  ['dotted keys and an inline table', 'toml', 'a.b.c = 1\n', 'a = { b = { c = 1 } }\n', [], []],
  ['a table that stands elsewhere', 'toml', '[a]\nx = 1\n[b]\ny = 1\n', '[b]\ny = 1\n[a]\nx = 1\n', [], []],
  ['a comment', 'toml', 'a = 1\n', '# why\na = 1 # so\n', [], []],
  ['quotes', 'toml', 'a = "x"\n', "a = 'x'\n", [], []],
  ['1 and 1.0', 'toml', 'a = 1\n', 'a = 1.0\n', [], ['/a']],
  ['a date and a text', 'toml', 'a = 2020-01-01\n', 'a = "2020-01-01"\n', [], ['/a']],
  ['large whole numbers', 'toml', 'a = 9007199254740992\n', 'a = 9007199254740993\n', [], ['/a']],
  [
    'a list of dependencies',
    'toml',
    '[project]\nname = "x"\ndependencies = ["a"]\n',
    '[project]\nname = "x"\ndependencies = ["a", "b"]\n',
    ['/project/dependencies'],
    [],
  ],
  [
    'a table of an array',
    'toml',
    '[[p]]\nn = 1\n[[p]]\nn = 2\n',
    '[[p]]\nn = 1\n[[p]]\nn = 3\n',
    [],
    ['/p/1/n'],
  ],
  ['a key twice', 'toml', 'a = 1\n', 'a = 1\na = 2\n', ['/a'], /^now: it is not TOML/],
  ['a table twice', 'toml', '[a]\nx = 1\n', '[a]\nx = 1\n[a]\ny = 1\n', ['/a'], /^now: it is not TOML/],
  ['__proto__ is a name like any other', 'toml', '', '[__proto__]\nx = 1\n', ['/a'], ['/__proto__']],
  // YAML
  ['a mapping below an open pointer', 'yaml', 'a:\n  x: 1\nb: 1\n', 'a:\n  x: 2\nb: 1\n', ['/a'], []],
  ['a mapping beside it', 'yaml', 'a: 1\nb: 1\n', 'a: 2\nb: 2\n', ['/a'], ['/b']],
  ['flow and block', 'yaml', 'a:\n  - 1\n  - x: 2\n', 'a: [1, {x: 2}]\n', [], []],
  ['a comment', 'yaml', 'a: 1\n', '# why\na: 1 # so\n', [], []],
  ['quotes around a text that has them', 'yaml', 'a: "x"\n', "a: 'x'\n", [], []],
  ['quotes that make a word a text', 'yaml', 'a: yes\n', 'a: "yes"\n', [], ['/a']],
  ['quotes around a key', 'yaml', 'on: 1\n', '"on": 1\n', [], ['/on']],
  ['3.10 and 3.1', 'yaml', 'a: 3.10\n', 'a: 3.1\n', [], ['/a']],
  ['a tag', 'yaml', 'a: 1\n', 'a: !!str 1\n', [], ['/a']],
  ['a tag of a mapping', 'yaml', 'a: {x: 1}\n', 'a: !x {x: 1}\n', [], ['/a']],
  [
    'an anchor in an open part, used outside',
    'yaml',
    'a: &x {k: 1}\nb: *x\n',
    'a: &x {k: 2}\nb: *x\n',
    ['/a'],
    ['/b/k'],
  ],
  ['an alias written out', 'yaml', 'a: &x {k: 1}\nb: *x\n', 'a: {k: 1}\nb: {k: 1}\n', [], []],
  [
    'a merge key',
    'yaml',
    'a: &x {k: 1}\nb:\n  <<: *x\n',
    'a: &x {k: 2}\nb:\n  <<: *x\n',
    ['/a'],
    ['/b/<</k'],
  ],
  [
    'an anchor that moves to another value',
    'yaml',
    'a: &x 1\nc: 2\nb: *x\n',
    'a: 1\nc: &x 2\nb: *x\n',
    [],
    ['/b'],
  ],
  ['an alias of itself', 'yaml', 'a: 1\n', 'a: &x [*x]\n', ['/b'], /^now: \*x stands for nothing/],
  ['aliases that grow without end', 'yaml', 'a: 1\n', bomb(), ['/b'], /^now: it has more than/],
  ['a key twice', 'yaml', 'a: 1\n', 'a: 1\na: 2\n', ['/a'], /^now: it is not YAML/],
  ['1 and "1" as keys', 'yaml', 'a: 1\n', '1: a\n"1": b\n', ['/a'], /^now: .*(?:twice|not YAML)/],
  ['a second document', 'yaml', 'a: 1\n', 'a: 1\n---\nb: 1\n', ['/a'], /^now: it holds several documents/],
  ['a directive', 'yaml', 'a: 1\n', '%YAML 1.1\n---\na: 1\n', ['/b'], ['']],
  ['a mapping as a key', 'yaml', 'a: 1\n', '? {x: 1}\n: 2\n', ['/a'], /^now: a key in it/],
  ['no value', 'yaml', 'a:\n', 'a: ""\n', [], ['/a']],
  ['members in another order', 'yaml', 'a: 1\nb: 2\n', 'b: 2\na: 1\n', [], ['']],
  ['broken YAML', 'yaml', 'a: 1\n', 'a: [1\n', ['/a'], /^now: it is not YAML/],
]

test.each(rows)('%s (%s)', (_name, format, was, now, open, expected) => {
  const found = differing(format, was, now, open)
  if (expected instanceof RegExp) expect(found).toMatch(expected)
  else expect(found).toEqual(expected)
})

test.each(rows)('%s (%s): the same text never differs', (_name, format, was) => {
  const tree = readTree(format, was)
  if (tree.ok) expect(differingParts(tree.tree, tree.tree, [])).toEqual([])
})

function bomb(): string {
  const lines = ['a: &a0 [x, x, x, x, x, x, x, x, x, x]']
  for (let at = 1; at < 8; at += 1)
    lines.push(`b${at}: &a${at} [${Array.from({ length: 10 }, () => `*a${at - 1}`).join(', ')}]`)
  return `${lines.join('\n')}\n`
}
