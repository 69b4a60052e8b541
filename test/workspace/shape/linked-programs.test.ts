import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { linkedPrograms } from '../../../src/workspace/shape/linked-programs.ts'

let layer = ''
beforeEach(() => {
  layer = fs.mkdtempSync(path.join(os.tmpdir(), 'autoloop-linked-'))
})
afterEach(() => fs.rmSync(layer, { recursive: true, force: true }))

function link(name: string, to: string): void {
  const place = path.join(layer, 'node_modules', name)
  fs.mkdirSync(path.dirname(place), { recursive: true })
  fs.symlinkSync(to, place)
}

test('programs of packages that are linked from the work', () => {
  link('.bin/check', '../checker/cli.js')
  link('checker', '../tools/checker')
  link('.bin/lint', '../@shop/lint/bin/lint.js')
  link('@shop/lint', '../../packages/lint')
  link('.bin/outside', '../outside/cli.js')
  link('outside', '../../elsewhere')
  link('.bin/jest', '../jest/bin/jest.js')
  fs.mkdirSync(path.join(layer, 'node_modules/jest'))
  const found = [...linkedPrograms([layer, path.join(layer, 'gone')])]
  expect(found.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'check', packageDir: 'tools/checker', file: 'tools/checker/cli.js' },
    { name: 'lint', packageDir: 'packages/lint', file: 'packages/lint/bin/lint.js' },
  ])
})
