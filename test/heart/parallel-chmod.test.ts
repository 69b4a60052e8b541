import { expect, test } from '@jest/globals'
import { config, play } from '../clean-room/lab.ts'
import { sampleOf } from '../rig/long.ts'

/** Two gates at once, of which one changes modes of a tracked file and puts them back. */
const gates = (verify: string): string =>
  JSON.stringify({
    version: 2,
    commands: {
      modes: {
        argv: ['sh', '-c', 'chmod 600 data.bin && chmod +x data.bin && chmod 644 data.bin'],
        gateWrites: ['data.bin'],
        steps: false,
        network: 'loopback',
        parallel: true,
      },
      check: {
        argv: ['sh', '-c', 'test -e NOTES.md && ! test -x data.bin'],
        network: 'loopback',
        parallel: true,
      },
    },
    gateProfiles: { fast: [], default: [], final: ['modes', 'check'] },
    policy: { verify },
  })

test.each(sampleOf(['in-place', 'clean-room'], 2))(
  'a chmod that one parallel gate makes while another runs is nobody’s work (%s)',
  async (verify) => {
    await play(
      { files: { [config]: gates(verify), 'data.bin': 'x\n' }, agent: ['true'] },
      ({ blocks, run }) => {
        expect(blocks).toEqual([])
        expect(run.state).toBe('released')
      },
    )
  },
)
