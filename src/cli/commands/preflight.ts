import fs from 'node:fs'
import { isObject, parseJson } from '../../base/json.ts'
import { type Result, fail, ok } from '../../base/result.ts'
import { tryEverything } from '../../box/preflight/inside.ts'
import type { Places } from '../../box/preflight/places.ts'
import { type Results, preflightOf } from '../../gates/preflight.ts'
import { makePreflight, tryFromOutside } from '../../records/make-preflight.ts'
import { heldWords } from '../../verdict/words/place.ts'
import { command } from '../command.ts'
import { type CliOutcome, done } from '../outcome.ts'

/** `preflight`: tries what the box of this machine holds; doctor starts it, and the first run of a kind. */
export const preflight = command({
  flags: {
    repo: { type: 'string', describe: 'a gate of this repository stands for all', value: 'DIR' },
    codex: { type: 'string', describe: "Codex's native binary", value: 'FILE' },
    role: { type: 'string', describe: 'which of its processes this is: outside, probe' },
    places: { type: 'string', describe: 'what the probe is told', value: 'JSON' },
  },
  run: async (args, { context }) => {
    if (args.role === 'probe') {
      const places = parseJson(args.places ?? '', 'what the probe is told')
      if (!places.ok) return places
      if (!isObject(places.value)) return fail('preflight-failed', 'the probe was not told where to look')
      return answer(ok(await tryEverything(places.value as unknown as Places)))
    }
    const { repo: root, codex: codexBin } = args
    if (root === undefined || codexBin === undefined)
      return fail('preflight-failed', '--repo and --codex are needed')
    const self = [
      process.execPath,
      ...process.execArgv,
      fs.realpathSync(process.argv[1] ?? ''),
      'preflight',
      '--json',
    ]
    const request = {
      root,
      codexBin,
      program: (role: string): string[] => [
        ...self,
        '--role',
        role,
        ...(role === 'probe' ? ['--places'] : ['--repo', root, '--codex', codexBin]),
      ],
    }
    return args.role === 'outside'
      ? answer(await tryFromOutside(context, request))
      : answer(makePreflight(context, request))
  },
})

function answer(results: Result<Results>): Result<CliOutcome> {
  if (!results.ok) return results
  return ok(
    done({ ok: true, ...results.value }, () => [
      `The box holds all that was tried${heldWords(preflightOf(results.value))}.`,
    ]),
  )
}
