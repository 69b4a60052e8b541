import { ok } from '../../base/result.ts'
import { command } from '../command.ts'
import { done } from '../outcome.ts'
import { version } from '../version.ts'

export const versionCommand = command({
  flags: {},
  run: () => ok(done({ version, node: process.version }, () => [version])),
})
