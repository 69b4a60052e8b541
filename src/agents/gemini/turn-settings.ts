import { type JsonObject, isObject } from '../../base/json.ts'
import type { Role } from '../agent.ts'
import { authTypeIn } from './person-settings.ts'

/** The tools of one that only reads. */
const READING = ['read_file', 'read_many_files', 'list_directory', 'glob', 'grep_search']

/** What counts of the person's settings for one that only reads: who pays, and for which model. */
const FOR_READERS = ['model', 'modelConfigs', 'billing']

/** In a batch nobody is asked, nothing is told to anybody else, and how long to wait after a failure is ours to say. */
const OURS = {
  general: {
    maxAttempts: 1,
    retryFetchErrors: false,
    enableAutoUpdate: false,
    enableAutoUpdateNotification: false,
  },
  privacy: { usageStatisticsEnabled: false },
  telemetry: { enabled: false },
  ide: { enabled: false },
  model: { maxSessionTurns: -1 },
  // The box is around it already.
  tools: { sandbox: false },
  // Keys do not reach commands.
  security: { environmentVariableRedaction: { enabled: true } },
  // The .env of a project is its own, and does not choose who pays.
  advanced: { ignoreLocalEnv: true },
  context: { fileFiltering: { enableRecursiveFileSearch: false } },
}

const READER = {
  general: { defaultApprovalMode: 'default', plan: { enabled: false } },
  tools: { core: READING },
  experimental: { enableAgents: false },
  skills: { enabled: false },
  hooksConfig: { enabled: false },
}

/** The settings of one turn. Pure. */
export function turnSettings(
  person: JsonObject,
  role: Role,
  vars: Readonly<Record<string, string | undefined>>,
): JsonObject {
  const auth = authTypeIn(person) ?? authTypeOf(vars)
  const own = {
    ...OURS,
    ...(auth !== null && { security: { ...OURS.security, auth: { selectedType: auth } } }),
  }
  if (role === 'work') return merged(person, own)
  const kept = Object.entries(person).filter(([name]) => FOR_READERS.includes(name))
  return merged(Object.fromEntries(kept), merged(own, READER))
}

/** A service at another address would be taken for a gateway, which a run without a terminal refuses. */
function authTypeOf(vars: Readonly<Record<string, string | undefined>>): string | null {
  if (vars['GOOGLE_GENAI_USE_GCA'] === 'true' || vars['GOOGLE_GENAI_USE_VERTEXAI'] === 'true') return null
  return (vars['GEMINI_API_KEY'] ?? '') === '' ? null : 'gemini-api-key'
}

/** The second one wins. */
function merged(below: JsonObject, above: JsonObject): JsonObject {
  const both = Object.entries(above).map(([name, value]) => {
    const under = below[name]
    return [name, isObject(value) && isObject(under) ? merged(under, value) : value]
  })
  return { ...below, ...Object.fromEntries(both) }
}
