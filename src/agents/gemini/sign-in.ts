import fs from 'node:fs'
import path from 'node:path'
import { type Result, fail, ok } from '../../base/result.ts'
import { authTypeIn, personSettings } from './person-settings.ts'

/** Variables that sign in by themselves. */
const SIGNS_IN = [
  'GEMINI_API_KEY',
  'GOOGLE_GENAI_USE_GCA',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GEMINI_CLI_USE_COMPUTE_ADC',
]

/**
 * Whether a person ever said how to sign in, asked before a batch. Whether the service takes it is seen at the first turn: nothing
 * but a request would tell. Codes: agent-signed-out, agent-unusable.
 */
export function geminiReady(
  config: string,
  vars: Readonly<Record<string, string | undefined>>,
): Result<null> {
  const settings = personSettings(config)
  if (!settings.ok) return settings
  const isSignedIn =
    SIGNS_IN.some((name) => (vars[name] ?? '') !== '') ||
    authTypeIn(settings.value) !== null ||
    fs.existsSync(path.join(config, '.env'))
  return isSignedIn
    ? ok(null)
    : fail('agent-signed-out', 'Gemini was never signed in', {
        fix: 'gemini   (and /auth in it, or set GEMINI_API_KEY)',
      })
}
