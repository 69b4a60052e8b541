import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { tomlValues } from '../../src/base/toml.ts'

const read = (text: string): Record<string, unknown> => {
  const found = tomlValues(text)
  if (!found.ok) throw new Error(found.error.message)
  return Object.fromEntries(found.value.map(({ path, value }) => [path.join('/'), value]))
}

describe('one setting, in every way it can be written', () => {
  test.each([
    '[hooks.state."/h:stop:0:0"]\nenabled = false',
    "[ hooks . state . '/h:stop:0:0' ] # mine\r\nenabled=false\r\n",
    '[hooks.state]\n"/h:stop:0:0" = { enabled = false }',
    '[hooks.state]\n"/h:stop:0:0".enabled = false # no',
    '[hooks]\nstate = { "/h:stop:0:0" = { enabled = false, } }',
    '[hooks]\nstate."/h:stop:0:0" = {enabled=false}',
    'hooks.state."/h:stop:0:0".enabled = false',
    'hooks . state . "\\u002Fh\\x3Astop:0:0" . enabled = false',
    '\ufeffhooks = {\n  state = { # a comment\n "/h:stop:0:0" = { enabled = false } } }',
  ])('%j', (text) => {
    expect(read(text)).toEqual({ 'hooks/state//h:stop:0:0/enabled': false })
  })
})

describe('values', () => {
  test.each([
    ['a = "b # c"', { a: 'b # c' }],
    ["a = 'C:\\new'", { a: 'C:\\new' }],
    ['a = "\\"\\\\\\t\\U0001F600"', { a: '"\\\t😀' }],
    ['a = """\nx\n[no.table]\nb = 1"""\nc = 2', { a: '\nx\n[no.table]\nb = 1', c: '2' }],
    ['a = """x \\\n   y"""', { a: 'x y' }],
    ['a = """"""""', { a: '""' }],
    ["a = '''\nx'''''\nb = true", { a: "\nx''", b: true }],
    ['a = [1, "b = 2", [\n "]", # ]\n], {c = 3}]\nd = 4', { d: '4' }],
    [
      'a = 1_000\nb = 1979-05-27 07:32:00.5Z\nc = +inf',
      { a: '1_000', b: '1979-05-2707:32:00.5Z', c: '+inf' },
    ],
    ['[[a.b]]\nc = 1\n[[a.b]]\nc = 2', { 'a/b/[]/c': '2' }],
    ['[a]\n[a.b]\nc = 1\n[d]', { 'a/b/c': '1' }],
    ['', {}],
    ['# only\n\n', {}],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })
})

describe('what is not TOML is refused with its line', () => {
  test.each([
    ['a', 1],
    ['a = ', 1],
    ['a = 1 b = 2', 1],
    ['a = 1\nb = "open\nc = 2', 2],
    ['a = """open', 1],
    ['a = [1', 1],
    ['a = {b = 1', 1],
    ['\n[a b]\nc = 1', 2],
    ['a = "\\q"', 1],
    ['a = "\\UFFFFFFFF"', 1],
    ['= 1', 1],
  ])('%j', (text, line) => {
    expect(tomlValues(text)).toMatchObject({ ok: false, error: { code: 'invalid-toml', data: { line } } })
  })

  test('nothing is too deep or too long', () => {
    expect(tomlValues(`a = ${'['.repeat(100_000)}`)).toMatchObject({
      ok: false,
      error: { code: 'invalid-toml' },
    })
    expect(tomlValues(`a = """${'x'.repeat(900_000)}`)).toMatchObject({ ok: false })
    expect(tomlValues(`a = """${'x'.repeat(900_000)}"""`)).toMatchObject({ ok: true })
    expect(tomlValues(' '.repeat(5_000_000))).toMatchObject({ ok: false, error: { code: 'invalid-toml' } })
    expect(tomlValues('\n'.repeat(900_000))).toEqual({ ok: true, value: [] })
  })
})

test('any text is read or refused, never thrown at', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '"""',
      "'''",
      '=',
      '.',
      ',',
      '\n',
      '#',
      '\\',
      '\\u',
      'a',
      ' ',
    ),
  )
  holds(
    500,
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const found = tomlValues(pieces.join(''))
      expect(found.ok || found.error.code === 'invalid-toml').toBe(true)
    }),
  )
})
