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

test('what a room holds is believed of its own start, and of this start of the machine', () => {
  const file = path.join(dir, 'room.json')
  const state = new Map([['src/a.txt', 'f 0123']])
  expect(readRoomState(file, 'abc')).toBeNull()
  writeRoomState(file, 'abc', state)
  expect(readRoomState(file, 'abc')).toEqual(state)
  expect(readRoomState(file, null)).toBeNull()
  const earlier = { ...JSON.parse(fs.readFileSync(file, 'utf8')), boot: 'earlier' }
  fs.writeFileSync(file, JSON.stringify(earlier))
  expect(readRoomState(file, 'abc')).toBeNull()
})
