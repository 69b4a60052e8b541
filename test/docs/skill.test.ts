import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { table } from '../../src/cli/commands.ts'
import { parse } from '../../src/cli/parse.ts'
import { type Action, mayAsk } from '../../src/control/who.ts'
import { FIRST_LINE } from '../../src/supervisor/effects/prompt.ts'
import { itemOf } from '../backlog/rig.ts'
import { projectRoot } from '../rig/root.ts'

const skill = fs.readFileSync(path.join(projectRoot, 'skill/autonomous-loop/SKILL.md'), 'utf8')
const backlog = skill.split('\n## 8. ')[1] ?? ''

test('every command line that it names is one that the program takes', async () => {
  const lines = [...skill.matchAll(/`\{\{CLI\}\} ([^`]+)`/g)].map(([, words = '']) => words)
  expect(lines.length).toBeGreaterThan(8)
  const wrong: string[] = []
  for (const line of lines) {
    const words = line.split(' ').map((word) => word.replaceAll(/^'|'$/g, ''))
    const entry = table.findEntry(words)
    const command = await entry?.load()
    if (!entry || !command) wrong.push(`${line}: no such command`)
    else {
      const parsed = parse(words.slice(entry.name.split(' ').length), entry, command)
      // One that is only named may leave out what it needs.
      if (parsed.kind !== 'args' && line.includes(' --')) wrong.push(`${line}: ${parsed.kind}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the item that it shows is a good one', () => {
  const text = /^```md\n([^]*?)^```$/m.exec(backlog)?.[1] ?? ''
  expect(itemOf('001-hold-items.md', text)).toMatchObject({ id: '001', title: 'The cart holds items' })
})

test('what it says is the person’s is refused to an agent', () => {
  const refused = /`allow`[^\n]* are the person's/.exec(backlog)?.[0] ?? ''
  const names = [...refused.matchAll(/`([a-z ]+)`/g)].map(([, name = '']) => name as Action)
  expect(names.length).toBeGreaterThan(7)
  const circumstances = { policy: null, openRun: false, force: false }
  expect(names.filter((name) => mayAsk(name, 'agent', circumstances).ok)).toEqual([])
})

test('the prompt of an item begins as it says', () => {
  const [, words = ''] = /Your prompt begins with "([^"]+)"/.exec(backlog) ?? []
  expect(words.length).toBeGreaterThan(20)
  expect(FIRST_LINE.startsWith(words)).toBe(true)
})
