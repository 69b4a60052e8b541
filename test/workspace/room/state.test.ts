import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { readRoomState, writeRoomState } from '../../../src/workspace/room/room-state.ts'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-state-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true, force: true }))

test('what a room holds is believed of this start of the machine', () => {
  const file = path.join(dir, 'room.json')
  const room = { base: 'abc', start: null, state: new Map([['src/a.txt', 'f 0123']]) }
  expect(readRoomState(file)).toBeNull()
  writeRoomState(file, room)
  expect(readRoomState(file)).toEqual(room)
  const earlier = { ...JSON.parse(fs.readFileSync(file, 'utf8')), boot: 'earlier' }
  fs.writeFileSync(file, JSON.stringify(earlier))
  expect(readRoomState(file)).toBeNull()
})
