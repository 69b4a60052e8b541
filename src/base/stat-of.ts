import fs from 'node:fs'
import { type Result, fail, ok } from './result.ts'
import { systemWords } from './system-words.ts'

/** What lies at a place that a person typed, links followed. Codes: missing, io. */
export function statOf(file: string): Result<fs.Stats> {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false })
    return stat === undefined ? fail('missing', `${file} does not exist`) : ok(stat)
  } catch (error) {
    return fail('io', `${file.slice(0, 200)} cannot be looked at: ${systemWords(error)}`)
  }
}
