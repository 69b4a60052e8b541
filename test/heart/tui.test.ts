import { expect, test } from '@jest/globals'
import { codeModeCommand, inOrder, message, onlyRun, withInstalled } from '../rig/installed.ts'
import { startTui } from '../rig/tui.ts'

test('in the TUI the block is on the screen, and so is the release', async () => {
  await withInstalled(
    {
      // Other models are met with a question whether to try this one.
      model: 'gpt-6-sol',
      script: () =>
        inOrder(
          [message('All done!')],
          [codeModeCommand('mkdir -p src && printf hello > src/greeting.txt')],
          [message('Really done.')],
        ),
    },
    async (lab) => {
      const tui = startTui(lab, [
        '--no-daemon',
        '-a',
        'never',
        '-s',
        'workspace-write',
        '$autonomous-loop write the greeting',
      ])
      try {
        await tui.shows(/Blocked by hook/)
        await tui.shows(/autonomous-loop: not done yet \(stop 1 of 12\)/)
        await tui.shows(/autonomous-loop: released/)
        expect(await onlyRun(lab)).toMatchObject({ state: 'released' })
      } finally {
        await tui.close()
      }
    },
  )
})
