import path from 'node:path'
import { type JsonObject, isObject, parseJson } from '../base/json.ts'
import { readTextSafe } from '../base/read-file.ts'
import { type Result, fail, ok } from '../base/result.ts'
import { PACKAGE_MANAGERS } from '../definition/node/managers.ts'
import { besideRoot } from './node-beside-root.ts'
import { chooseScripts, readScripts } from './node-scripts.ts'
import { readWorkspace } from './node-members.ts'
import { workspaceCommands } from './node-workspaces.ts'
import { choosePackageManager } from './package-manager.ts'
import type { DetectRequest, Detection, Detector } from './detection.ts'

/** Repositories with a package.json: its scripts, run by its package manager. Codes: those of the two choices, invalid_package_json. */
export const node: Detector = {
  name: 'node',
  prefix: 'node',
  detect(request) {
    const packageJson = readPackageJson(request.root)
    return packageJson.ok
      ? packageJson.value === null
        ? ok(null)
        : detectNode(request, packageJson.value)
      : packageJson
  },
}

/** package.json as an object; null when there is none. Code: invalid_package_json. */
export function readPackageJson(root: string): Result<JsonObject | null> {
  const text = readTextSafe(path.join(root, 'package.json'), { maxBytes: 16_000_000, follow: true })
  if (!text.ok && text.error.code === 'missing') return ok(null)
  const json = text.ok ? parseJson(text.value.replace(/^\uFEFF/, ''), 'package.json') : text
  if (json.ok && isObject(json.value)) return ok(json.value)
  return fail('invalid_package_json', json.ok ? 'package.json is not a JSON object' : json.error.message, {
    fix: 'correct package.json',
  })
}

function detectNode(
  { root, packageManager, preferScripts }: DetectRequest,
  packageJson: JsonObject,
): Result<Detection> {
  const manager = choosePackageManager(root, packageJson, packageManager)
  const source = readScripts(packageJson, manager.ok ? manager.value.name : 'npm')
  const chosen = chooseScripts(source, preferScripts)
  if (!manager.ok) {
    // Without scripts nobody needs to know what runs them; the other message says what is really missing.
    const noScripts =
      !chosen.ok && manager.error.code === 'missing_package_manager' && preferScripts === undefined
    return noScripts ? chosen : manager
  }
  const about = { ecosystem: 'node', tool: manager.value }
  const workspace = preferScripts === undefined ? readWorkspace(root, packageJson, manager.value.name) : null
  if (!chosen.ok) {
    const members = workspace === null ? null : workspaceCommands(workspace, manager.value.name)
    return members === null || members.commands.length === 0 ? chosen : ok({ ...about, ...members })
  }
  const members =
    workspace === null ? null : besideRoot(workspace, manager.value.name, source, chosen.value.commands)
  return ok({
    ...about,
    commands: [
      ...chosen.value.commands.map((one) => ({
        ...one,
        reason: `${one.reason}, run by ${manager.value.name}`,
        // A makefile may call the script through another one.
        does: PACKAGE_MANAGERS.map((program) => [program, one.name]),
      })),
      ...(members?.commands ?? []),
    ].sort((a, b) => Number(b.fast) - Number(a.fast)),
    notes: [...chosen.value.notes, ...(members?.notes ?? [])],
  })
}
