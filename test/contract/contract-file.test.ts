import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { type ContractFormat, checkContractFile } from '../../src/contract/contract-file.ts'
import { parseProjectConfig } from '../../src/contract/config.ts'
import { placeOf } from '../../src/contract/file/located.ts'

const parsed = parseProjectConfig(
  JSON.stringify({
    commands: { test: ['npm', 'test'], lint: ['npm', 'run', 'lint'] },
    gateProfiles: { final: ['lint', 'test'], quick: ['lint'] },
  }),
  'config',
)
if (!parsed.ok) throw new Error('the config of this test is wrong')
const config = parsed.value

const tasks = [
  {
    id: 'T1',
    title: 'Write the flag',
    evidence: [
      { kind: 'pathChanged', glob: 'src/**' },
      { kind: 'fileMatches', path: 'README.md', pattern: '^## JSON' },
    ],
  },
  {
    id: 'T2',
    title: 'Old flag gone',
    required: false,
    dependsOn: ['T1'],
    evidence: [
      { kind: 'pathAbsent', path: 'src/old.ts' },
      { kind: 'commandRef', name: 'test' },
    ],
  },
]
const objective = 'Add a --json flag\n\nScripts want to read it.'

const asYaml = `# yaml-language-server: $schema=../../schemas/contract.schema.json
objective: |-
  Add a --json flag

  Scripts want to read it.
gateProfile: final
limits: {maxStopIterations: 8}
tasks:
  - id: T1
    title: Write the flag
    evidence:
      - {kind: pathChanged, glob: src/**}
      - kind: fileMatches
        path: README.md
        pattern: '^## JSON'
  - id: T2
    title: Old flag gone
    required: false
    dependsOn: [T1]
    evidence:
      - {kind: pathAbsent, path: src/old.ts}
      - {kind: commandRef, name: test}
`
const asMarkdown = `---
gateProfile: final
limits: {maxStopIterations: 8}
---
# Add a --json flag

Scripts want to read it.

## Write the flag

Words for people. - none of this is evidence: it is prose

- pathChanged: \`src/**\`
- [ ] fileMatches: README.md /^## JSON/
- a list item without a colon

~~~md
## No heading
- pathExists: in/a/block
~~~

## T2: Old flag gone
- pathAbsent: src/old.ts
- commandRef: test
- required: false
- dependsOn: T1

## Notes
- anything: goes
`

test.each<[ContractFormat, string]>([
  [
    'json',
    JSON.stringify({ objective, gateProfile: 'final', limits: { maxStopIterations: 8 }, tasks }, null, 2),
  ],
  ['yaml', asYaml],
  ['md', asMarkdown],
])('the same contract as %s', (format, text) => {
  const { problems, input, contract } = checkContractFile(text, format, config)
  expect(problems).toEqual([])
  expect({ ...input, taskTexts: input?.taskTexts.map((one) => JSON.parse(one) as unknown) }).toEqual({
    objective,
    gateProfile: 'final',
    maxStopIterations: 8,
    taskTexts: tasks,
  })
  expect(contract).toMatchObject({ objective, gateProfile: 'final', limits: { maxStopIterations: 8 } })
})

describe('every problem at once, each on its line', () => {
  const kind = 'one of pathExists, pathAbsent, pathChanged, pathUnchanged, fileMatches, commandRef'
  test.each<[string, ContractFormat, string, [line: number, path: string, words: RegExp][]]>([
    [
      'yaml of the wrong shape',
      'yaml',
      `objektive: x
gateProfile: slow
limits:
  maxStopIterations: 0
  maxTokens: 5
tasks:
  - id: T1
    title: ""
    evidence:
      - kind: pathExits
        path: a
  - id: T1
    title: Twice
    dependsOn:
      - T9
    evidence:
      - {kind: commandRef, name: tset}
`,
      [
        [1, 'objektive', /unknown key "objektive"; did you mean objective\?/],
        [2, 'gateProfile', /"slow"/],
        [4, 'limits.maxStopIterations', /0/],
        [5, 'limits.maxTokens', /unknown key/],
        [8, 'tasks[0].title', /""/],
        [10, 'tasks[0].evidence[0].kind', /"pathExits"/],
        [12, 'tasks[1].id', /already has/],
        [15, 'tasks[1].dependsOn[0]', /"T9"/],
        [17, 'tasks[1].evidence[0].name', /"tset"/],
      ],
    ],
    [
      'json',
      'json',
      `{
  "objective": "x",
  "tasks": [
    {"id": "T1", "title": "t", "evidence": [
      {"kind": "pathChanged", "glob": "/etc/**"}
    ]},
    []
  ]
}`,
      [
        [5, 'tasks[0].evidence[0].glob', /etc/],
        [7, 'tasks[1]', /./],
      ],
    ],
    ['broken yaml', 'yaml', 'objective: x\ntasks: [\n', [[3, 'YAML', /flow/i]]],
    ['a key that stands twice', 'yaml', 'objective: x\nobjective: y\n', [[2, 'YAML', /unique/]]],
    ['two documents', 'yaml', 'objective: x\n---\nobjective: y\n', [[2, 'YAML', /one document/]]],
    ['json with a comment', 'json', '{\n  // why\n  "objective": "x"\n}', [[2, 'JSON', /no comments/]]],
    [
      'a json key that stands twice',
      'json',
      '{"objective": "x",\n "tasks": [],\n "tasks": []}',
      [[3, 'JSON', /"tasks" stands twice/]],
    ],
    ['an empty json file', 'json', '', [[1, 'JSON', /./]]],
    ['an empty yaml file', 'yaml', '', [[1, '(top level)', /null/]]],
    [
      'markdown: a misspelt kind is no prose',
      'md',
      '# Do it\n\n## First\n- pathChangd: src/**\n\n## Second\n- fileMatches: {path: a, pattern: "}\n',
      [
        [4, 'Markdown', /"pathChangd" is unknown here/],
        [7, 'Markdown', /./],
      ],
    ],
    [
      'a misspelt key is one mistake, wherever it stands',
      'yaml',
      `objective: x
tasks:
  - id: T1
    titel: Write it
    evidnce: [{kind: pathChanged, glob: src/**}]
  - id: T2
    title: Test it
    evidence: [{kind: fileMatches, path: a, patern: x}]
    notes: none
`,
      [
        [4, 'tasks[0].titel', /did you mean title\?/],
        [5, 'tasks[0].evidnce', /did you mean evidence\?/],
        [8, 'tasks[1].evidence[0].patern', /did you mean pattern\?/],
        [9, 'tasks[1].notes', /^unknown key "notes"$/],
      ],
    ],
    [
      'markdown: what cannot be read hides nothing else',
      'md',
      '---\ngateProfile: slow\n---\n# Do it\n\n## T1: First\n- pathChangd: src/**\n\n## T1: Second\n- pathExists: ../x\n- dependsOn: T9\n\n## Third\n',
      [
        [2, 'gateProfile', /"slow"/],
        [7, 'Markdown', /"pathChangd" is unknown here/],
        [9, 'tasks[1].id', /already has/],
        [10, 'tasks[1].evidence[0].path', /\.\.\/x/],
        [11, 'tasks[1].dependsOn[0]', /"T9"/],
        [13, 'tasks[2].evidence', /\[\]/],
      ],
    ],
    [
      'markdown: broken front matter hides nothing below it',
      'md',
      '---\nlimits: {\n---\n# Do it\n\n## First\n- pathExists: ../x\n',
      [
        [2, 'Markdown', /flow/i],
        [7, 'tasks[0].evidence[0].path', /\.\.\/x/],
      ],
    ],
    [
      'markdown: what evidence says is checked as anywhere',
      'md',
      '# Do it\n\n## First\n\n- pathExists: a\n- pathChanged: ../x\n\n## Second\nnothing to look at\n',
      [
        [6, 'tasks[0].evidence[1].path', /\.\.\/x/],
        [8, 'tasks[1].evidence', /\[\]/],
      ],
    ],
    [
      'markdown: front matter',
      'md',
      '---\ngateProfil: final\n---\n# Do it\n',
      [[2, 'gateProfil', /unknown key/]],
    ],
    [
      'no contract lowers what the config asks for',
      'yaml',
      'objective: x\npolicy:\n  verify: in-place\nverify: in-place\n',
      [
        [2, 'policy', /unknown key/],
        [4, 'verify', /unknown key/],
      ],
    ],
    [
      'markdown: front matter without an end',
      'md',
      '---\ngateProfile: final\n# Do it\n',
      [[1, 'Markdown', /closing ---/]],
    ],
    ['markdown without a heading', 'md', 'Do it\n', [[1, 'objective', /nothing/]]],
  ])('%s', (_name, format, text, wanted) => {
    const { problems, input } = checkContractFile(text, format, config)
    expect(input).toBeNull()
    expect(problems.map((one) => [one.line, one.path])).toEqual(wanted.map(([line, path]) => [line, path]))
    problems.forEach((one, index) => expect(one.found).toMatch(wanted[index]?.[2] ?? /^$/))
    for (const one of problems) if (one.path.endsWith('.kind')) expect(one.allowed).toBe(kind)
  })
})

test('without a config, names of commands and profiles are left unjudged', () => {
  const { problems, input, contract } = checkContractFile(
    'objective: x\ngateProfile: unknown\ntasks:\n- {id: T1, title: t, evidence: [{kind: commandRef, name: unknown}]}\n',
    'yaml',
    null,
  )
  expect([problems, contract]).toEqual([[], null])
  expect(input?.gateProfile).toBe('unknown')
})

test('a file cannot be made to grow without end', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'
      .split('')
      .map(
        (name, index) =>
          `${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefgh'[index]}`).join(',')}]`,
      ),
  ].join('\n')
  expect(checkContractFile(bomb, 'yaml', config).problems.length).toBeGreaterThan(0)
})

test('no text makes it throw, and no problem is without a line of the file', () => {
  const pieces = [
    '---\n',
    '# x\n',
    '## ',
    '- pathChanged: ',
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ' ',
    '\n',
    '*a',
    '&a',
    'tasks',
    'objective',
    'evidence',
    '~~~',
    '\u0000',
    '\u2028',
    '!!js',
    '<<: ',
    '? ',
  ]
  holds(
    400,
    fc.property(
      fc.constantFrom<ContractFormat>('json', 'yaml', 'md'),
      fc.oneof(
        fc.string(),
        fc.array(fc.constantFrom(...pieces)).map((some) => some.join('')),
      ),
      (format, text) => {
        const { problems, input } = checkContractFile(text, format, config)
        expect(problems.length === 0).toBe(input !== null)
        const lines = text.split('\n').length
        for (const one of problems) expect(one.line >= 1 && one.line <= lines).toBe(true)
      },
    ),
  )
})

test('what a problem gives as example is accepted in its place', () => {
  const wrong = {
    version: 2,
    objective: 1,
    gateProfile: [],
    limits: { maxStopIterations: 'many' },
    tasks: [
      { id: 'T1', title: 'x', evidence: [{ kind: 'pathExists', path: 'a' }] },
      { id: 'T0', title: '', required: 'no', dependsOn: [7], evidence: [{ kind: 'pathExits' }] },
      {
        id: 'T2',
        title: 'x',
        evidence: [
          { kind: 'pathExists', path: '../x' },
          { kind: 'pathChanged', glob: '/x' },
        ],
      },
      { id: 'T3', title: 'x', evidence: [{ kind: 'fileMatches', path: 'a', pattern: '(' }] },
      { id: 'T4', title: 'x', evidence: [{ kind: 'commandRef', name: 'tset' }] },
      { id: 'T5', title: 'x', evidence: 'none', dependsOn: ['T9'] },
      { id: 'T8', title: 'x', evidence: [{ kind: 'pathExists', path: 'a' }], dependsOn: ['T8'] },
      { id: 'T6', title: 'x', evidence: [] },
      'T7',
    ],
  }
  const seen: string[] = []
  const unnamed = {
    objective: 'x',
    tasks: [{ id: '', title: 'x', evidence: [{ kind: 'pathExists', path: 'a' }] }],
  }
  for (const one of [wrong, unnamed, { objective: 'x', tasks: 'none' }, { objective: 'x', limits: 3 }, []]) {
    const { problems } = checkContractFile(JSON.stringify(one, null, 1), 'json', config)
    for (const { path, example } of problems) {
      const fixed = JSON.stringify(put(one, placeOf(path), JSON.parse(example)))
      const after = checkContractFile(fixed, 'json', config).problems
      if (after.some((other) => other.path === path)) seen.push(`${path}: ${example}`)
    }
  }
  expect(seen).toEqual([])
})

/** A copy with another value at a place. */
function put(value: unknown, [first, ...rest]: ReturnType<typeof placeOf>, inner: unknown): unknown {
  if (first === undefined || first === 'top level') return inner
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (index === first ? put(one, rest, inner) : one))
  const object = value as Record<string, unknown>
  return { ...object, [first]: put(object[first], rest, inner) }
}
