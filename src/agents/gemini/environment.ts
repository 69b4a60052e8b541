import type { Command } from '../../contract/types.ts'
import type { TurnBase } from '../agent.ts'
import { agentEnvironment } from '../environment.ts'
import { homeOf } from './home.ts'

/**
 * Who the person is for Google, and where their service is. All other variables of Gemini and Google stay out: a stray one changes the
 * model, the sandbox, or who pays.
 */
const SIGN_IN = [
  'GEMINI_API_KEY',
  'GEMINI_API_KEY_AUTH_MECHANISM',
  'GEMINI_CLI_CUSTOM_HEADERS',
  'GEMINI_CLI_USE_COMPUTE_ADC',
  'GOOGLE_API_KEY',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_ACCESS_TOKEN',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_CLOUD_PROJECT_ID',
  'GOOGLE_CLOUD_QUOTA_PROJECT',
  'GOOGLE_CLOUD_UNIVERSE_DOMAIN',
  'GOOGLE_GEMINI_BASE_URL',
  'GOOGLE_GENAI_API_VERSION',
  'GOOGLE_GENAI_USE_GCA',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_VERTEX_BASE_URL',
]

/** Of these the values are secrets. */
const SECRETS = ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_CLOUD_ACCESS_TOKEN', 'GEMINI_CLI_CUSTOM_HEADERS']

type Vars = Readonly<Record<string, string | undefined>>

/** For logs. */
export const secretsIn = (vars: Vars): readonly string[] => SECRETS.map((name) => vars[name] ?? '')

/** As an agent of any program has it, the sign-in of the person, and what keeps Gemini from asking or starting itself again. */
export function geminiEnvironment(
  turn: TurnBase,
  { vars, gatePath, mark }: { readonly vars: Vars; readonly gatePath: string; readonly mark: string },
): Record<string, string> {
  const secrets = SIGN_IN.flatMap((name): [string, string][] => {
    const value = vars[name] ?? ''
    return value === '' ? [] : [[name, value]]
  })
  return {
    ...agentEnvironment(turn, {
      vars,
      gatePath,
      command: COMMAND,
      secrets: Object.fromEntries(secrets),
      mark,
    }),
    GEMINI_CLI_HOME: homeOf(turn),
    // Whether the worktree may be worked in was said when the config was approved, and there is nobody to ask.
    GEMINI_CLI_TRUST_WORKSPACE: 'true',
    // It would start itself once more, and the first process hears no TERM.
    GEMINI_CLI_NO_RELAUNCH: 'true',
    NO_COLOR: '1',
  }
}

/** What gives it the surroundings of a gate that may reach the network. */
const COMMAND: Command = {
  name: 'agent',
  argv: [],
  cwd: '.',
  timeoutSeconds: 0,
  env: {},
  tty: false,
  parallel: false,
  network: 'full',
  writable: [],
  pins: [],
  evidence: false,
}
