import path from 'node:path'
import { isObject, parseJson } from '../../base/json.ts'
import { readTextSafe } from '../../base/read-file.ts'

/** Whoever pays: a key, the account that is signed in, or at least the directory that would hold one. */
export function geminiAccount(config: string, vars: Readonly<Record<string, string | undefined>>): string {
  const key = vars['GEMINI_API_KEY'] || vars['GOOGLE_API_KEY']
  if (key) return key
  const read = readTextSafe(path.join(config, 'google_accounts.json'), { maxBytes: 1 << 20 })
  const json = read.ok ? parseJson(read.value, 'google_accounts.json') : read
  const active = json.ok && isObject(json.value) ? json.value['active'] : null
  return typeof active === 'string' ? active : config
}
