import { execFileSync } from 'node:child_process'
import { describe, expect, test } from '@jest/globals'
import { table } from '../../src/cli/commands.ts'
import { examples } from '../../src/cli/examples.ts'
import { helpOf } from '../../src/cli/help-of.ts'
import { parse } from '../../src/cli/parse.ts'
import { printDoc } from '../../src/cli/render/doc.ts'

const entries = table.entries.filter((entry) => entry.hidden !== true)

describe('every command has an example that it understands', () => {
  test('there is none for a command that is gone', () => {
    const names = entries.flatMap((entry) => (entry.same === undefined ? [entry.name] : []))
    expect(Object.keys(examples).filter((name) => !names.includes(name))).toEqual([])
    expect(names.filter((name) => (examples[name] ?? []).length === 0)).toEqual([])
  })

  test.each(entries.flatMap((entry) => (examples[entry.name] ?? []).map((line) => [line, entry] as const)))(
    '%s',
    async (line, entry) => {
      // What is shown is split by a real shell; the completion's stands inside an eval.
      const inner = /^eval "\$\((.*)\)"$/.exec(line)?.[1] ?? line
      const split = execFileSync(
        'sh',
        [
          '-c',
          `autonomous_loop() { for w; do printf "%s\\n" "$w"; done; }; ${inner.replace(/ [<>] \S+$/, '').replace(/^autonomous-loop/, 'autonomous_loop')}`,
        ],
        { encoding: 'utf8' },
      )
      const words = split.split('\n').slice(0, -1)
      const count = entry.name.split(' ').length
      expect(words.slice(0, count).join(' ')).toBe(entry.name)
      const command = await entry.load()
      expect(parse(words.slice(count), entry, command)).toMatchObject({ kind: 'args' })
      expect(parse(['-h', ...words.slice(count)], entry, command)).toEqual({ kind: 'help' })
      expect(printDoc(await helpOf(table, entry), false)).toContain(line)
    },
  )
})
