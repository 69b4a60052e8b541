import { fail, ok } from '../../base/result.ts'
import { command } from '../command.ts'
import { plainText } from '../outcome.ts'
import { completionScript, shells } from '../render/completion.ts'

/** `completion <shell>`: a script for the shell to read, which asks this program what fits. */
export const completion = command({
  flags: {},
  words: { shell: shells.join(', ') },
  run: (args) => {
    const shell = shells.find((one) => one === args.shell)
    if (!shell)
      return fail(
        'unknown-shell',
        `there is no completion for "${args.shell}"; there is one for ${shells.join(', ')}`,
        { fix: 'autonomous-loop completion bash' },
      )
    return ok(plainText(completionScript(shell).trimEnd().split('\n')))
  },
})
