import { fail, ok } from '../../base/result.ts'
import { allCodes, explainCode } from '../codes/codes.ts'
import { command } from '../command.ts'
import { entries, findEntry, findGroup, groups } from '../commands.ts'
import { helpOf } from '../help-of.ts'
import { didYouMean } from '../../base/nearest.ts'
import { plainText } from '../outcome.ts'
import { codeDoc } from '../render/code.ts'
import { overviewDoc, programName } from '../render/help.ts'

/** `help`: the overview; `help <command>`: what `<command> --help` says; `help <code>`: what an error code means. */
export const help = command({
  flags: {},
  optional: {
    topic: 'a command, or an error code',
    action: 'the second word of a command that has two',
  },
  run: async ({ topic, action }, { formAsked }) => {
    if (topic === undefined) return ok(plainText(overviewDoc(entries, groups)))
    const words = [topic, ...(action === undefined ? [] : [action])]
    const entry = findEntry(words)
    const group = findGroup(topic)
    if (entry && entry.name.split(' ').length === words.length) return ok(plainText(await helpOf(entry)))
    if (group && action === undefined) return ok(plainText(await helpOf(group)))
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
      ...entries.flatMap(({ name, hidden }) => (hidden ? [] : [name])),
      ...groups.map((one) => one.name),
    ]
    return fail('no-help', `"${asked}" is neither a command nor an error code${didYouMean(asked, known)}`, {
      fix: `${programName} help`,
    })
  },
})
