import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { watchPlaces } from '../../src/cli/watch-home.ts'

let end = (): void => undefined
afterEach(() => end())

test('a directory that is made between the look and the watch of the one above it is watched too', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-watch-'))
  const session = path.join(dir, 'session')
  const places = (): string[] => {
    const seen = fs.existsSync(session) ? [dir, session] : [dir]
    fs.mkdirSync(session, { recursive: true })
    return seen
  }
  let told = (): void => undefined
  const changed = new Promise<void>((resolve) => (told = resolve))
  const changes = watchPlaces(places, () => told())
  // Not in a `finally`: a change that is never told of would be waited for, and the watch would outlive the test.
  end = () => {
    changes.close()
    fs.rmSync(dir, { recursive: true })
  }
  fs.writeFileSync(path.join(session, 'ledger.jsonl'), '')
  await expect(changed).resolves.toBeUndefined()
})
