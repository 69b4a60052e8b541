import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'
import { draw, rowsOf } from './picture.ts'
import { type Played, linesBelow, play } from './use-it.ts'

const readme = fs.readFileSync(path.join(projectRoot, 'README.md'), 'utf8')
const lines = linesBelow(readme, 'Use it')

test('what it needs is named before it is needed, as package.json and the program have it', () => {
  const [before = ''] = readme.split('```sh')
  const { engines } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    engines: { node: string }
  }
  expect(before).toContain(`${engines.node.replace('>=', '')} or later, and git`)
  expect(before).toContain('0.169 or later')
})

test('the two command lines name scripts that there are', () => {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const [first = '', second = ''] = linesBelow(readme, 'Two command lines')
  expect(first).toMatch(/ && npm ci && npm run prove$/)
  expect(second).toBe('npm ci && npm test')
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['prove', 'test']))
})

test('the four answers are those of the program', () => {
  const part = readme.split('## The four answers')[1]?.split('\n## ')[0] ?? ''
  const answers = [...part.matchAll(/^\| \*\*(\w+)\*\*/gm)].map((match) => match[1])
  expect(answers).toEqual(['release', 'block', 'park', 'halt'])
})

describe('"Use it", typed literally in a clone with node and git', () => {
  let played: Played
  beforeAll(async () => {
    played = await play(lines)
  }, 120_000)

  test('every line ends with 0', () => {
    expect(lines.length).toBeGreaterThan(8)
    expect(played.typed.filter(({ code }) => code !== 0)).toEqual([])
  })

  test('two claims are blocked for two true reasons, and the work is released', () => {
    expect(played.told).toHaveLength(2)
    expect(played.told[1]).toContain('GREETING expected hello, got hullo')
    expect(played.greeting).toBe('hello\n')
    expect(played.typed.at(-1)?.shown).toContain('released')
  })

  test('docs/how-it-works.md begins with its events', () => {
    const page = fs.readFileSync(path.join(projectRoot, 'docs/how-it-works.md'), 'utf8')
    const [, shown = ''] = /^```text\n\$ autonomous-loop events\n(.*?)^```/ms.exec(page) ?? []
    const events = played.typed.find(({ line }) => line === 'autonomous-loop events')
    expect(steady(shown)).toBe(steady(events?.shown ?? ''))
  })

  // `npm run picture` draws it again; look at it before it is committed.
  test('docs/run.svg shows this run', () => {
    const committed = fs.readFileSync(path.join(projectRoot, 'docs/run.svg'), 'utf8')
    expect(draw(rowsOf(played))).toBe(committed)
  })
})

/** Without times and ids. */
function steady(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
    .replaceAll(/\([\d.]+ s\)/g, '(<duration>)')
    .replaceAll(/\b[0-9a-f]{12}\b/g, '<id>')
    .trim()
}
