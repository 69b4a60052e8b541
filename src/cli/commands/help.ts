import { fail, ok } from '../../base/result.ts'
import { allCodes, explainCode } from '../codes/codes.ts'
import { type CliCommand, command } from '../command.ts'
import type { Table } from '../table.ts'
import { helpOf } from '../help-of.ts'
import { didYouMean } from '../../base/nearest.ts'
import { plainText } from '../outcome.ts'
import { codeDoc } from '../render/code.ts'
import { overviewDoc, programName } from '../render/help.ts'

/** `help`: the overview; `help <command>`: what `<command> --help` says; `help <code>`: what an error code means. */
export const helpFor = (table: Table): CliCommand =>
  command({
    flags: {},
    optional: {
      topic: 'a command, or an error code',
      action: 'the second word of a command that has two',
    },
    run: async ({ topic, action }, { formAsked }) => {
      if (topic === undefined) return ok(plainText(overviewDoc(table.entries, table.groups)))
      const words = [topic, ...(action === undefined ? [] : [action])]
      const entry = table.findEntry(words)
      const group = table.findGroup(topic)
      if (entry && entry.name.split(' ').length === words.length)
        return ok(plainText(await helpOf(table, entry)))
      if (group && action === undefined) return ok(plainText(await helpOf(table, group)))
      const code = action === undefined ? explainCode(topic) : undefined
      if (code)
        return ok({
          code: 0,
          data: { code: topic, ...code },
          text: () => codeDoc(topic, code),
          plain: !formAsked,
        })
      const asked = words.join(' ')
      const known = [
        ...allCodes(),
        ...table.entries.flatMap(({ name, hidden }) => (hidden ? [] : [name])),
        ...table.groups.map((one) => one.name),
      ]
      return fail('no-help', `"${asked}" is neither a command nor an error code${didYouMean(asked, known)}`, {
        fix: `${programName} help`,
      })
    },
  })
