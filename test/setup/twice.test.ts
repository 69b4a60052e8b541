import { expect, test } from '@jest/globals'
import { startAppServer } from '../rig/app-server.ts'
import { blocks, execCommand, inOrder, message, onlyRun, withInstalled } from '../rig/installed.ts'

test("with the user's and the project's hooks one prompt arms once, and reaches the model", async () => {
  await withInstalled(
    {
      script: () =>
        inOrder(
          [message('Early.')],
          [execCommand('mkdir -p src && printf hello > src/greeting.txt')],
          [message('Done.')],
        ),
    },
    async (lab) => {
      await lab.json(['install-repo', '--repo', lab.repo, '--install-hooks'])
      const client = await startAppServer(lab)
      try {
        const listed = await client.call('hooks/list', { cwds: [lab.repo] })
        const hooks: { key: string; currentHash: string; trustStatus: string }[] = listed.data[0].hooks
        const untrusted = hooks.filter((hook) => hook.trustStatus === 'untrusted')
        expect([hooks.length, untrusted.length]).toEqual([12, 6])
        await client.call('config/batchWrite', {
          edits: untrusted.map(({ key, currentHash }) => ({
            keyPath: `hooks.state.${JSON.stringify(key)}.trusted_hash`,
            value: currentHash,
            mergeStrategy: 'upsert',
          })),
        })
      } finally {
        await client.close()
      }
      const exec = await lab.codex(['exec', '$autonomous-loop write the greeting'])
      expect(exec.stdout.trim()).toBe('Done.')
      // Both hooks answer with the one verdict, whichever of them judged.
      const [ours, theirs, ...more] = blocks(lab).map((text) => text.replace(/^<hook_prompt [^>]*>/, ''))
      expect([theirs, more]).toEqual([ours, []])
      expect(ours).toContain('stop 1 of 12')
      const first = JSON.stringify(lab.requests[0]?.body)
      expect(first).toContain('autonomous-loop')
      expect(first).not.toContain('NOT armed')
      expect(await onlyRun(lab)).toMatchObject({ state: 'released', iteration: 1 })
    },
  )
})
