import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from '@jest/globals'
import { checkContractFile } from '../../src/contract/contract-file.ts'
import { projectRoot } from '../rig/root.ts'

const document = fs.readFileSync(path.join(projectRoot, 'docs/commands.md'), 'utf8')
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'm').exec(document)?.[1] ?? ''

test('the reference of commands and the entries of error codes are what the program says', () => {
  // Exits 1, naming the script that writes it anew.
  execFileSync(process.execPath, [path.join(projectRoot, 'scripts/commands-doc.js'), '--check'], {
    stdio: 'pipe',
  })
})

test('its contract files are good, and ask for the same', () => {
  const [yaml, md] = (['yaml', 'md'] as const).map((format) => checkContractFile(block(format), format, null))
  expect([yaml?.problems, md?.problems]).toEqual([[], []])
  const tasks = (one: typeof yaml) => one?.input?.taskTexts.map((text) => JSON.parse(text) as unknown)
  expect(tasks(md)).toEqual(tasks(yaml))
  expect(md?.input?.maxStopIterations).toBe(yaml?.input?.maxStopIterations)
})
