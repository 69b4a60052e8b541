import { describe, expect, test } from '@jest/globals'
import { ago } from '../../src/cli/render/ago.ts'
import { type Doc, bad, columns, good, printDoc, strong } from '../../src/cli/render/doc.ts'
import { failureOutcome } from '../../src/cli/render/failure.ts'
import { uninstallDoc } from '../../src/cli/render/setup.ts'
import { projectRoot } from '../rig/root.ts'

describe('text for people', () => {
  test('colour is a property of the print, not of the text', () => {
    const doc = [['a ', good('b')], 'c  ']
    expect(printDoc(doc, false)).toBe('a b\nc\n')
    expect(printDoc(doc, true)).toBe('a \u001b[32mb\u001b[39m\nc\n')
  })

  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a window title', '\u001b]0;pwned\u0007x', 'x'],
    ['a title ended by ST', '\u001b]0;pwned\u001b\\x', 'x'],
    ['a lone escape', 'a\u001bcb', 'ab'],
    ['a bell and a backspace', 'a\u0007b\bc', 'abc'],
    ['a carriage return', 'safe\rrm -rf', 'saferm -rf'],
    ['C1 controls', 'a\u009b31mb', 'a31mb'],
    ['text that runs backwards', 'a\u202eb', 'ab'],
    ['tabs and line feeds stay', 'a\tb\nc', 'a\tb\nc'],
  ])('what an agent wrote cannot steer the terminal: %s', (_name, text, printed) => {
    expect(printDoc([[strong(text)]], false)).toBe(`${printed}\n`)
  })

  test.each<[string, Doc, string]>([
    ['prose', ['one two three four five six seven eight'], 'one two three four five\nsix seven eight\n'],
    ['a list', ['  - one two three four five six'], '  - one two three four\n    five six\n'],
    [
      'columns',
      columns([['ab', 'one two three four five six']], 2),
      '  ab  one two three four\n      five six\n',
    ],
    [
      'a command stays whole',
      ['then type `autonomous-loop resume ab12` or not'],
      'then type\n`autonomous-loop resume ab12`\nor not\n',
    ],
    ['so does a path', ['see /home/dev/a/very/long/path here'], 'see\n/home/dev/a/very/long/path\nhere\n'],
    [
      'lines in a text',
      ['one\n  two three four five six seven'],
      'one\n  two three four five\n  six seven\n',
    ],
    ['what fits', ['one   two'], 'one   two\n'],
  ])('on a narrow screen: %s', (_name, doc, printed) => {
    expect(printDoc(doc, false, 24)).toBe(printed)
    // In a pipe nothing is broken.
    expect(printDoc(doc, false).split('\n').length).toBeLessThanOrEqual(printed.split('\n').length)
  })

  test('colours go on over the break', () => {
    expect(printDoc([[bad('one two three')]], true, 8)).toBe(
      '\u001b[31mone two\u001b[39m\n\u001b[31mthree\u001b[39m\n',
    )
  })

  test('columns are aligned by what is seen', () => {
    const rows = columns(
      [
        ['a', good('ok'), 'x'],
        [bad('\u001b[31mlong'), 'é', ''],
      ],
      1,
    )
    expect(printDoc(rows, false)).toBe(' a     ok  x\n long  é\n')
  })

  test.each([
    [0, 'just now'],
    [-5_000, 'just now'],
    [61_000, '1 min ago'],
    [7_300_000, '2 h ago'],
    [200_000_000, '2 d ago'],
  ])('%i ms before', (ms, words) => {
    expect(ago(new Date(1_700_000_000_000).toISOString(), 1_700_000_000_000 + ms)).toBe(words)
  })

  test.each([
    ['autonomous-loop status --all', 'try'],
    ['autonomous-loop status --help', 'try'],
    ['codex doctor', 'try'],
    ['look at /x', 'try'],
    ['autonomous-loop bootstrap', 'fix'],
    ['autonomous-loop allow --repo .', 'fix'],
  ])('%s is a thing to %s', (fix, label) => {
    const { text } = failureOutcome({ code: 'no-run', message: 'm', fix }, 1)
    expect(printDoc(text(), false)).toContain(`\n  ${label}: ${fix}\n`)
  })

  test('a failure keeps its lines and ends with its fix', () => {
    const { data, text } = failureOutcome(
      { code: 'no-run', message: 'one\n  two', fix: 'do it', data: { n: 1 } },
      1,
    )
    expect(printDoc(text(), false)).toBe(
      'autonomous-loop: one\n  two\n  fix: do it\n  more: autonomous-loop help no-run\n',
    )
    expect(data).toEqual({
      ok: false,
      error_code: 'no-run',
      message: 'one\n  two',
      remediation: 'do it',
      docs: `${projectRoot}/TROUBLESHOOTING.md#no-run`,
      details: { n: 1 },
    })
  })
})

test.each(['unchanged', 'removed', 'original', 'edited'] as const)(
  'a dry run of uninstall says of hooks.json (%s) what would be, not what is',
  (hooks) => {
    const answer = {
      ok: true,
      dry_run: true,
      codex_home: '/c',
      home: '/h',
      hooks_json: hooks,
      removed: ['/h/bin'],
    }
    const text = printDoc(uninstallDoc({ ...answer, kept: ['/x'], warnings: [] }), false)
    expect(text).toMatch(/^Would be removed: 1 paths?\n {2}\/h\/bin\n/)
    expect(text).not.toMatch(/\bis gone\b|\bis as it was\b|\bwere taken\b|^kept/m)
  },
)
