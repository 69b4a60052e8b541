import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { test } from '@jest/globals'
import { projectRoot } from '../rig/root.ts'

test('the table of rooms in CONTRIBUTING.md is that of the rooms', () => {
  // Exits 1, naming the script that writes it again.
  execFileSync(process.execPath, [path.join(projectRoot, 'scripts/rooms-doc.js'), '--check'], {
    stdio: 'pipe',
  })
})
