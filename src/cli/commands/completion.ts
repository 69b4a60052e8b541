import { fail, ok } from '../../base/result.ts'
import { type Command, type Entry, command } from '../command.ts'
import { completionScript, shells } from '../render/completion.ts'

/** `completion <shell>`: a script for the shell to read; it knows commands and flags of this version. */
export function completionOf(entries: readonly Entry[]): Command {
  return command({
    flags: {},
    words: { shell: shells.join(', ') },
    run: async (args) => {
      const shell = shells.find((one) => one === args.shell)
      if (!shell)
        return fail(
          'unknown-shell',
          `there is no completion for "${args.shell}"; there is one for ${shells.join(', ')}`,
          {
            fix: 'autonomous-loop completion bash',
          },
        )
      const table = await Promise.all(
        entries
          .filter((entry) => entry.hidden !== true)
          .map(async ({ name, describe, load }) => ({ name, describe, flags: (await load()).flags })),
      )
      const script = completionScript(shell, table)
      return ok({ code: 0, data: {}, text: () => script.trimEnd().split('\n'), plain: true })
    },
  })
}
