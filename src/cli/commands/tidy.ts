import { ok } from '../../base/result.ts'
import { tidy as tidyHome } from '../../setup/tidy.ts'
import { command } from '../command.ts'
import { done } from '../outcome.ts'

/** `tidy`: the hygiene that a session start begins once an hour; never touches an open run. */
export const tidy = command({
  flags: {},
  run: (_args, { context }) => {
    const tidied = tidyHome(context)
    const count = Object.values(tidied).reduce((sum, names) => sum + (names as readonly string[]).length, 0)
    return ok(done({ ok: true, ...tidied }, () => [`${count} things were put away.`]))
  },
})
