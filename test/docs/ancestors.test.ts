import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'

const page = fs.readFileSync(path.join(projectRoot, 'docs/ancestors.md'), 'utf8')

interface Row {
  readonly id: string
  readonly here: string
  readonly tests: readonly { readonly name: string; readonly file: string }[]
}

const rows = [...page.matchAll(/^\| (U\d\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, id = '', , , here = '', shown = '']): Row => ({
    id,
    here,
    tests: [...shown.matchAll(/\[([^\]]+)\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, name = '', file = '']) => ({
      name,
      file,
    })),
  }),
)

/** The file itself; of a directory that plays its cases together every one of them. */
function filesOf(file: string): readonly string[] {
  const at = path.join(projectRoot, file)
  if (fs.statSync(at).isFile()) return [file]
  return fs.readdirSync(at).flatMap((name) => (name.endsWith('.ts') ? [path.join(file, name)] : []))
}

/** Titles stand in literals, whatever they are handed to. */
function titlesIn(file: string): readonly string[] {
  const text = fs.readFileSync(path.join(projectRoot, file), 'utf8')
  return [...text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`/g)].map(
    ([, single, double, template]) => single ?? double ?? template ?? '',
  )
}

test('every ability of the ancestors has one row, in order', () => {
  const all = Array.from({ length: 70 }, (_, at) => `U${String(at + 1).padStart(2, '0')}`)
  expect(rows.map(({ id }) => id)).toEqual(all)
  // A row that the pattern above does not fit would be left out without a word.
  expect([...page.matchAll(/^\| U/gm)]).toHaveLength(all.length)
})

test('each is shown by a test, or says why it is not here or that it comes later', () => {
  const bare = rows.filter(({ tests, here }) => tests.length === 0 && !/^\*\*(?:Not here|Later)\b/.test(here))
  expect(bare).toEqual([])
  const why = rows.filter(({ here }) => here.startsWith('**Not here'))
  expect(why.filter(({ here }) => here.length < 60)).toEqual([])
})

test('every test that it names is there under that name', () => {
  const wrong = rows.flatMap(({ id, tests }) =>
    tests.flatMap(({ name, file }) => {
      if (name.length < 12) return [`${id}: "${name}" may be anything`]
      if (!fs.existsSync(path.join(projectRoot, file))) return [`${id}: no file ${file}`]
      return filesOf(file)
        .flatMap(titlesIn)
        .some((title) => title.includes(name))
        ? []
        : [`${id}: "${name}" is not in ${file}`]
    }),
  )
  expect(wrong).toEqual([])
})
