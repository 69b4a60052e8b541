import { expect, test } from '@jest/globals'
import { readLoopDex } from '../../../src/backlog/import/loopdex.ts'

const task = (
  parts: Readonly<Record<string, string>> = {},
  head = '- [ ] Task 1.1: Validate the form',
): string =>
  [
    head,
    ...Object.entries({
      Size: 'Small',
      Files: 'src/form.py, test/test_form.py',
      Description: 'Refuse what is no address.',
      'Completion criteria': '\n    - without @ it is refused\n    - verify: pytest test/test_form.py',
      Depends: 'none',
      'Fail count': '0',
      ...parts,
    }).flatMap(([name, value]) =>
      value === '-' ? [] : [`  - ${name}:${value.startsWith('\n') ? '' : ' '}${value}`],
    ),
    '',
  ].join('\n')

const only = (text: string) => readLoopDex(text, 'b.md').tasks[0]
const left = (text: string) => readLoopDex(text, 'b.md').left.map((one) => `${one.line} ${one.what}`)

test('a task with all its fields', () => {
  const text = `# Backlog\n\n## Tasks\n\n${task()}`
  expect(left(text)).toEqual([])
  expect(readLoopDex(text, 'b.md').tasks).toEqual([
    {
      file: 'b.md',
      line: 5,
      key: '1.1',
      after: [],
      status: 'open',
      files: ['src/form.py', 'test/test_form.py'],
      commands: [{ file: 'b.md', line: 11, text: 'pytest test/test_form.py' }],
      draft: {
        title: 'Validate the form',
        text: 'Refuse what is no address.\n\nCompletion criteria:\n- without @ it is refused\n- verify: pytest test/test_form.py\n\nSize: Small',
      },
      fault: null,
    },
  ])
})

test.each([
  ['- [x] Task 2: Done', '2', 'done', 'Done'],
  ['- [X] Task 2: Done', '2', 'done', 'Done'],
  ['* [!] Task 10.2.3: Blocked', '10.2.3', 'blocked', 'Blocked'],
  ['### [ ] Task 1.1 — Define core models', '1.1', 'open', 'Define core models'],
  ['- [ ] **Task 1.1: Bold**', '1.1', 'open', 'Bold'],
  ['[ ] Task 1.1: ../../x', '1.1', 'open', '../../x'],
])('%s', (head, key, status, title) => {
  expect(only(task({}, head))).toMatchObject({ key, status, draft: { title } })
})

test.each([
  ['verify: npm test', 'npm test'],
  ['verify: `npm test`', 'npm test'],
  ['`verify: npm test`', 'npm test'],
  ['Verify with `verify: npm test`.', 'npm test'],
  ['It holds, verify: `npm test` (all of it)', 'npm test'],
  ['verify: grep -q "a" `pwd`/x', 'grep -q "a" `pwd`/x'],
])('%s is the command %s', (line, command) => {
  expect(only(task({ 'Completion criteria': line }))?.commands).toMatchObject([{ text: command }])
})

test('files, dependencies and texts in lists and over several lines', () => {
  const found = only(
    task({
      Files: '\n    - `src/a.py`\n    - src/b c.py',
      Depends: 'Task 1.2, 2.1',
      Description: 'One.\n\n    Two:\n      - three',
    }),
  )
  expect(found).toMatchObject({ files: ['src/a.py', 'src/b c.py'], after: ['1.2', '2.1'], fault: null })
  expect(found?.draft.text).toMatch(/^One\.\n\n {4}Two:\n {6}- three\n/)
})

test.each(['/etc/passwd', '../x', '~/x', 'src/', '.', '.git/config', 'a (new)', 'src/a/../../../x'])(
  'Files: %s is a fault',
  (file) => {
    expect(only(task({ Files: file }))?.fault).toContain(`Files: ${JSON.stringify(file)}`)
  },
)

test('whatever is not understood has its line', () => {
  const text = [
    'Some words.',
    '- [ ] Buy milk',
    '- [?] Task 1.1: What',
    task({ Size: 'Huge', 'Fail count': 'many', 'Completion criteria': '\n    - verify:', Description: '-' }),
    'More words.',
    '',
    task({ Depends: 'the first one' }, '- [ ] Task 1.2: Other').replace(
      '  - Depends',
      '  - Size: Small\n  - Depends',
    ),
  ].join('\n')
  const found = readLoopDex(text, 'b.md')
  expect(found.left.map((one) => `${one.line} ${one.what}`)).toEqual([
    '1 Some words.',
    '2 no task that can be read: - [ ] Buy milk',
    '3 no task that can be read: - [?] Task 1.1: What',
    '4 task 1.1 has no field Description',
    '5 Size: Huge (Small or Medium)',
    expect.stringMatching(/^\d+ Fail count: many/),
    expect.stringMatching(/^\d+ Size stands twice in task 1\.2$/),
  ])
  expect(found.tasks[1]?.fault).toBe('Depends: "the first one" is no number of a task')
})

test('no task at all is none, and text of any kind is read', () => {
  expect(readLoopDex('', 'b.md').tasks).toEqual([])
  expect(readLoopDex('\ufeff- [ ] Task 1: A\r\n  - Files: a\r\n', 'b.md').tasks).toMatchObject([
    { files: ['a'] },
  ])
  expect(readLoopDex(`${'- [ ] '.repeat(5000)}\n${'*'.repeat(5000)}`, 'b.md').tasks).toEqual([])
})
