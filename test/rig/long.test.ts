import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { projectRoot } from './root.ts'

test('only long.ts decides where chance begins', () => {
  const root = path.join(projectRoot, 'test')
  const files = fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith(path.join('rig', 'long.')))
  expect(files.length).toBeGreaterThan(100)
  const found = files.filter((file) =>
    /\bfc\.(assert|check|sample|statistics|configureGlobal)\(|'AUTOLOOP_SEED'/.test(
      fs.readFileSync(path.join(root, file), 'utf8'),
    ),
  )
  expect(found).toEqual([])
})
