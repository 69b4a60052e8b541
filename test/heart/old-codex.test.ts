import { expect, test } from '@jest/globals'
import { blocks, execCommand, hasCodex, inOrder, message, onlyRun, withInstalled } from '../rig/installed.ts'

const version = '0.125'

// A person may have left the old version out; then this says so instead of pretending.
if (!hasCodex(version))
  test('codex 0.125 is not installed: its smoke test did not run', () => {
    process.stderr.write('codex 0.125 cannot be had here; `npm ci` installs it as codex-0.125\n')
    expect(hasCodex(version)).toBe(false)
  })
else
  test('codex 0.125: enabled directly, blocked, released after the work; another session is left alone', async () => {
    await withInstalled(
      {
        version,
        script: ({ enableCommand }) =>
          inOrder(
            [execCommand(enableCommand)],
            [message('Done?')],
            [execCommand('mkdir -p src && printf hello > src/greeting.txt')],
            [message('Done.')],
            [message('Another session.')],
          ),
      },
      async (lab) => {
        const first = await lab.codex(['exec', '-s', 'danger-full-access', 'write the greeting'])
        expect(first.code).toBe(0)
        expect(blocks(lab)).toHaveLength(1)
        expect(blocks(lab)[0]).toContain('T1')
        expect(await onlyRun(lab)).toMatchObject({ state: 'released', activation_mode: 'direct-env' })
        expect((await lab.codex(['exec', 'hello'])).stdout).toContain('Another session.')
        expect(blocks(lab)).toHaveLength(1)
      },
    )
  })
