import path from 'node:path'
import { ok } from '../../base/result.ts'
import { planRooms } from '../../setup/rooms/plan.ts'
import { tidy as tidyHome } from '../../setup/tidy.ts'
import { command } from '../command.ts'
import { done } from '../outcome.ts'
import { roomThing } from '../render/room-thing.ts'

/** `tidy`: the hygiene that a session start begins once an hour; never touches an open run. */
export const tidy = command({
  flags: { 'dry-run': { type: 'boolean', describe: 'only say which rooms, layers and copies would go' } },
  run: async (args, { context }) => {
    const { home } = context.env
    if (args['dry-run'] === true) {
      const planned = planRooms(context)
      const rooms = planned.map((one) => path.relative(home, one.path))
      return ok(
        done({ ok: true, dry_run: true, rooms }, () =>
          planned.map((one) => `would remove: ${roomThing(one, home)}`),
        ),
      )
    }
    const tidied = await tidyHome(context)
    const count = Object.values(tidied).reduce((sum, names) => sum + (names as readonly string[]).length, 0)
    return ok(done({ ok: true, ...tidied }, () => [`${count} things were put away.`]))
  },
})
