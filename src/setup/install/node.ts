import path from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'
import { fail, ok } from '../../base/result.ts'
import { chooseScripts } from './node-scripts.ts'
import { choosePackageManager } from './package-manager.ts'
import type { Detector } from './types.ts'

/** Repositories with a package.json: its scripts, run by its package manager. Codes: those of the two choices, invalid_package_json. */
export const node: Detector = {
  name: 'node',
  detect({ root, packageManager, preferScripts }) {
    const text = readTextSafe(path.join(root, 'package.json'), { maxBytes: 16_000_000, follow: true })
    if (!text.ok && text.error.code === 'missing') return ok(null)
    const json = text.ok ? parseJson(text.value.replace(/^\uFEFF/, ''), 'package.json') : text
    if (!json.ok || !isObject(json.value))
      return fail(
        'invalid_package_json',
        json.ok ? 'package.json is not a JSON object' : json.error.message,
        {
          fix: 'correct package.json',
        },
      )
    const manager = choosePackageManager(root, json.value, packageManager)
    if (!manager.ok) return manager
    const chosen = chooseScripts(json.value, preferScripts)
    if (!chosen.ok) return chosen
    return ok({
      ecosystem: 'node',
      tool: manager.value,
      // `run` in full everywhere: `bun test` is not the script `test`.
      commands: chosen.value.scripts.map((script) => ({
        ...script,
        argv: [manager.value.name, 'run', script.name],
      })),
      notes: chosen.value.notes,
    })
  },
}
