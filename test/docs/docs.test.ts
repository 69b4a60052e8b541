import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { allCodes, explainCode } from '../../src/cli/codes/codes.ts'
import { table } from '../../src/cli/commands.ts'
import { parse } from '../../src/cli/parse.ts'
import { projectRoot } from '../rig/root.ts'
import { batchCodes, codesIn, codesInSource } from './codes.ts'

const read = (file: string): string => fs.readFileSync(path.join(projectRoot, file), 'utf8')
const documents = [
  'README.md',
  'TROUBLESHOOTING.md',
  'AGENT_BUILD_GUIDE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  ...fs
    .readdirSync(path.join(projectRoot, 'docs'))
    .flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
]

/** The anchor that a heading gets where Markdown is shown as a page. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}

function headings(text: string, level = '#+'): string[] {
  return [...prose(text).matchAll(new RegExp(`^${level} (.+)$`, 'gm'))].flatMap(
    (match) => match[1]?.trim() ?? [],
  )
}

const fenced = /^(~~~|```)[a-z]*\n(.*?)^\1/gms
const typed = /^```sh\n(.*?)^```/gms

/** Command lines of ours in blocks to be typed: the words after our name, without comments and what a shell does with them. */
function commandLines(text: string): string[][] {
  return [...text.matchAll(typed)]
    .flatMap((match) => (match[1] ?? '').replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => /^(?:\$ )?(?:sudo )?autonomous-loop (.*)$/.exec(line)?.[1] ?? [])
    .map((rest) => {
      const words = [...rest.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word)
      const end = words.findIndex((word) => /^(?:#|\||&&|>|2>|;|<$)/.test(word))
      return (end < 0 ? words : words.slice(0, end)).map((word) =>
        word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'),
      )
    })
}

function blocks(text: string): string[] {
  return [...text.matchAll(fenced)].flatMap((match) => match[2] ?? [])
}

function prose(text: string): string {
  return text.replaceAll(fenced, '')
}

test("nothing sends anybody to a package registry, where our name may be somebody else's", () => {
  const below = (dir: string): string[] =>
    fs
      .readdirSync(path.join(projectRoot, dir), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(projectRoot, path.join(entry.parentPath, entry.name)))
  const advice = /\bnpx (?:-\S+ )*autonomous-loop|\bnpm (?:i|install) (?:-\S+ )*autonomous-loop/
  const files = [...documents, ...['src', 'hooks', 'skill', 'bin'].flatMap(below)]
  expect(files.filter((file) => advice.test(read(file)))).toEqual([])
})

describe.each(documents)('%s', (document) => {
  const text = read(document)

  test('every relative link leads to a file, and to a heading in it', () => {
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .flatMap((match) => match[1] ?? [])
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [file = '', heading] = link.split('#')
        const target = file === '' ? document : path.join(path.dirname(document), file)
        if (!fs.existsSync(path.join(projectRoot, target))) return true
        return heading !== undefined && !headings(read(target)).map(anchor).includes(heading)
      })
    expect(broken).toEqual([])
  })

  test('every command it names is one', () => {
    const names = ['help', ...table.entries.map((entry) => entry.name)]
    const words = '(?:\\$ )?autonomous-loop ([a-z][a-z-]*(?: [a-z-]+)?)'
    // Prose may begin a line with our name; what follows is a command only in code.
    const code = [
      ...prose(text).matchAll(new RegExp(`\`${words}`, 'g')),
      ...blocks(text).flatMap((block) => [...block.matchAll(new RegExp(`^${words}`, 'gm'))]),
      ...prose(text).matchAll(/`(request [a-z]+)/g),
    ].flatMap((match) => match[1] ?? [])
    const unknown = code.filter((called) => {
      const [first = ''] = called.split(' ')
      return !names.includes(first) && !names.includes(called)
    })
    expect(unknown).toEqual([])
  })

  test('every command line to be typed is one that the program takes', async () => {
    const wrong: string[] = []
    for (const words of commandLines(text)) {
      const entry = table.findEntry(words)
      const command = await entry?.load()
      const parsed =
        entry && command ? parse(words.slice(entry.name.split(' ').length), entry, command) : null
      if (parsed?.kind !== 'args' && parsed?.kind !== 'help')
        wrong.push(`${words.join(' ')}: ${parsed?.message ?? 'no such command'}`)
    }
    expect(wrong).toEqual([])
  })

  test('every file of ours that it names is there', () => {
    // What was, is history; and `src/` of a reader's repository has no rooms.
    if (document === 'CHANGELOG.md') return
    const ours = /`((?:src\/[a-z]+|test\/[a-z]+|scripts|bench|hooks)\/[\w./-]*\w\.(?:ts|js|sh|cjs))`/g
    const named = [...text.matchAll(ours)].flatMap((match) => match[1] ?? [])
    expect(named.filter((file) => !fs.existsSync(path.join(projectRoot, file)))).toEqual([])
  })

  test('every npm script it names is one', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const ours = [...text.matchAll(/\bnpm run ([a-z]+(?::[a-z]+)?)(?= --|`|\s*(?:$|#|&&|\)))/gm)]
    const theirs = ['greeting', 'lint', 'typecheck', 'test', 'e2e', 'check', 'quality']
    const named = ours.flatMap((match) => match[1] ?? [])
    expect(named.filter((name) => scripts[name] === undefined && !theirs.includes(name))).toEqual([])
  })

  test('nothing of the machine it was written on', () => {
    const places = [projectRoot, os.homedir()]
    expect(text.split('\n').filter((line) => places.some((place) => line.includes(`${place}/`)))).toEqual([])
  })
})

test('the commands of the overview are all in the documents', () => {
  const all = documents.map(read).join('\n')
  const shown = table.entries.filter((entry) => entry.hidden !== true)
  expect(shown.map((entry) => entry.name).filter((name) => !all.includes(name))).toEqual([])
})

test('docs/supervisor.md has every code of a parked item and of a batch at rest', () => {
  const text = read('docs/supervisor.md')
  expect(batchCodes().length).toBeGreaterThan(15)
  expect(batchCodes().filter((code) => !text.includes(`\`${code}\``))).toEqual([])
})

describe('TROUBLESHOOTING.md', () => {
  // The document itself is generated from the same table, which commands.test.ts holds it to.
  const described = allCodes()

  test('has an entry for every error code, and none for codes that are gone', () => {
    const inSource = codesInSource()
    expect([...inSource].filter((code) => !described.includes(code)).sort()).toEqual([])
    expect(described.filter((code) => !inSource.has(code)).sort()).toEqual([])
  })

  test('describes each once, in whole sentences', () => {
    expect(described.filter((code, index) => described.indexOf(code) !== index)).toEqual([])
    const texts = described.flatMap((code) => {
      const { what = '', why, todo = '' } = explainCode(code) ?? {}
      return [what, ...(why === undefined ? [] : [why]), todo].map((text) => `${code}: ${text}`)
    })
    expect(texts.filter((text) => !/: [^\s].*[.`?)]$/.test(text))).toEqual([])
  })

  test('refers to codes that there are', () => {
    const linked = [...read('TROUBLESHOOTING.md').matchAll(/\]\(#([a-z-]+)\)/g)].flatMap(
      (one) => one[1] ?? [],
    )
    expect(linked.filter((code) => explainCode(code) === undefined && code.includes('-')).sort()).toEqual([])
  })

  test.each([
    ["return fail('no-run', `x`)", ['no-run']],
    ["fail(\n  'spool-link',\n  `${file}`)", ['spool-link']],
    [
      "fail(error.code === 'missing' ? 'machine-missing' : 'machine-unreadable', x)",
      ['machine-missing', 'machine-unreadable'],
    ],
    ["return { code: 'start-cut-short', message: 'half-done' }", ['start-cut-short']],
    ["workspace.fail('file-name', 'it is')", []],
    ["['home', a],\n['node', b],\nfail(`${name}-in-temp`, x)", ['home-in-temp', 'node-in-temp']],
  ] as const)('the codes in %j are found', (source, codes) => {
    expect(codesIn(source)).toEqual(codes)
  })
})
