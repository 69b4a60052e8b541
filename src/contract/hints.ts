import { evidenceHints, evidenceKinds } from './evidence-kinds.ts'
import type { Hint } from './types.ts'

/** Keys of this table: field names joined by dots, `*` for a name the user chose, `[]` for an element. */
export type Hints = Readonly<Record<string, Hint>>

const bool: Hint = { allowed: 'true or false', example: 'true' }
const text: Hint = { allowed: 'text', example: '"value"' }
const argument: Hint = { allowed: 'text of at most 8192 characters', example: '"--silent"' }
const profile: Hint = { allowed: 'the name of a gate profile', example: '"default"' }
const COMMAND = '{"argv": ["npm", "test"], "timeoutSeconds": 600}'

const SERVICE = '{"argv": ["redis-server", "--port", "6380"], "ready": ["redis-cli", "-p", "6380", "ping"]}'

const command: Hints = {
  '': { allowed: 'an argv array, or an object with argv', example: COMMAND },
  '[]': argument,
  argv: { allowed: 'a non-empty array of text: program, then arguments', example: '["npm", "test"]' },
  'argv[]': argument,
  cwd: { allowed: 'a directory relative to the repository root', example: '"packages/app"' },
  timeoutSeconds: { allowed: 'a number above 0, at most 86400', example: '600' },
  env: { allowed: 'an object of text values', example: '{"NODE_ENV": "test"}' },
  'env.*': {
    allowed: 'letters, digits and _ as the name (not PATH, CODEX_…, AUTOLOOP_…), text as the value',
    example: '{"NODE_ENV": "test"}',
  },
  tty: bool,
  parallel: bool,
  network: {
    allowed: '"none", "loopback" or "full" (version 2); true or false (version 1)',
    example: 'true',
  },
  keeps: { allowed: 'an array of globs (version 2)', example: '["dist/**"]' },
  'keeps[]': { allowed: 'a glob relative to the repository root', example: '"dist/**"' },
  gateWrites: { allowed: 'an array of globs (version 2)', example: '["**/*.snap"]' },
  'gateWrites[]': { allowed: 'a glob relative to the repository root', example: '"**/*.snap"' },
  writable: { allowed: 'an array of directories', example: '["~/.cache/tool"]' },
  'writable[]': {
    allowed: 'text: an absolute directory or one below ~/',
    example: '"~/.cache/tool"',
  },
  pins: { allowed: 'an array of files', example: '["jest.config.js"]' },
  'pins[]': { allowed: 'a file relative to the repository root', example: '"jest.config.js"' },
  evidence: bool,
  steps: bool,
  box: bool,
  secrets: { allowed: 'an array of names of variables (version 2)', example: '["NPM_TOKEN"]' },
  'secrets[]': {
    allowed: 'letters, digits and _ (not PATH, CODEX_…, AUTOLOOP_…)',
    example: '"NPM_TOKEN"',
  },
  services: { allowed: 'an array of services (version 2)', example: `[${SERVICE}]` },
  'services[]': { allowed: 'an object with argv and ready', example: SERVICE },
  'services[].argv': {
    allowed: 'a non-empty array of text: program, then arguments',
    example: '["redis-server", "--port", "6380"]',
  },
  'services[].argv[]': argument,
  'services[].ready': {
    allowed: 'a non-empty array of text: program, then arguments',
    example: '["redis-cli", "-p", "6380", "ping"]',
  },
  'services[].ready[]': argument,
  'services[].stop': {
    allowed: 'a non-empty array of text: program, then arguments',
    example: '["redis-cli", "-p", "6380", "shutdown"]',
  },
  'services[].stop[]': argument,
  'services[].timeoutSeconds': { allowed: 'a number above 0, at most 86400', example: '30' },
  reach: {
    allowed: 'an array of sockets and devices (version 2)',
    example: '["unix:/run/docker.sock", "/dev/kvm"]',
  },
  'reach[]': { allowed: 'text: unix:/a/socket or /dev/device', example: '"/dev/nvidia*"' },
}

const under = (prefix: string, hints: Hints): Hints =>
  Object.fromEntries(
    Object.entries(hints).map(([key, hint]) => [
      key === '' || key === '[]' ? `${prefix}${key}` : `${prefix}.${key}`,
      hint,
    ]),
  )

export const configHints: Hints = {
  '': {
    allowed: 'a JSON object',
    example: '{"version": 1, "commands": {"test": ["npm", "test"]}}',
  },
  $schema: { allowed: 'text: where the JSON schema is', example: '"./autoloop.project.schema.json"' },
  version: { allowed: '1 or 2', example: '2' },
  commands: { allowed: 'an object: name → command', example: '{"test": ["npm", "test"]}' },
  ...under('commands.*', command),
  gateProfiles: {
    allowed: 'an object: profile → command names',
    example: '{"fast": ["lint"], "final": ["lint", "test"]}',
  },
  'gateProfiles.*': { allowed: 'an array of command names', example: '["lint", "test"]' },
  'gateProfiles.*[]': { allowed: 'the name of a command', example: '"test"' },
  defaults: { allowed: 'an object', example: '{"maxStopIterations": 12}' },
  'defaults.gateProfile': profile,
  'defaults.fastGateProfile': { ...profile, example: '"fast"' },
  'defaults.finalGateProfile': { ...profile, example: '"final"' },
  'defaults.maxStopIterations': { allowed: 'a whole number, 1 to 10000', example: '12' },
  'defaults.maxRepeatedFailureSignature': { allowed: 'a whole number, 1 to 10000', example: '3' },
  'defaults.maxMinutes': { allowed: 'a number above 0, at most 100000', example: '90' },
  'defaults.maxTokens': { allowed: 'a whole number above 0', example: '2000000' },
  policy: { allowed: 'an object', example: '{"control": "person"}' },
  'policy.control': { allowed: '"person" or "agent"', example: '"person"' },
  'policy.background': { allowed: '"block" or "allow"', example: '"block"' },
  'policy.gateWrites': { allowed: 'an array of globs', example: '["coverage/**"]' },
  'policy.gateWrites[]': { allowed: 'a glob relative to the repository root', example: '"coverage/**"' },
  'policy.sandbox': { allowed: '"on" or "off"', example: '"on"' },
  'policy.gates': { allowed: '"required" or "none"', example: '"required"' },
  limits: { allowed: 'an object (version 2)', example: '{"outputBytes": 10737418240}' },
  'limits.outputBytes': { allowed: 'a whole number above 0', example: '10737418240' },
  ...under('notify', {
    '': { allowed: 'an argv array, or an object with argv', example: '["notify-send", "autonomous-loop"]' },
    argv: { ...command['argv']!, example: '["notify-send", "autonomous-loop"]' },
    '[]': argument,
    'argv[]': argument,
    timeoutSeconds: { ...command['timeoutSeconds']!, example: '30' },
    network: bool,
    sandbox: { allowed: '"on" or "off"', example: '"on"' },
  }),
}

const TASK =
  '{"id": "T1", "title": "Add the feature", "evidence": [{"kind": "pathChanged", "glob": "src/**"}]}'

const EVIDENCE = evidenceKinds.pathChanged.example
const KINDS = Object.keys(evidenceKinds).join(', ')

export const taskHints: Hints = {
  '': { allowed: 'a task object', example: TASK },
  id: { allowed: 'letters, digits, `_ . -`, at most 64 characters', example: '"T1"' },
  title: { allowed: 'text of 1 to 500 characters', example: '"Add the feature"' },
  required: bool,
  dependsOn: { allowed: 'an array of task ids', example: '["T1"]' },
  'dependsOn[]': { allowed: 'a task id', example: '"T1"' },
  evidence: { allowed: 'a non-empty array of evidence', example: `[${EVIDENCE}]` },
  'evidence[]': { allowed: `an object of kind ${KINDS}`, example: EVIDENCE },
  'evidence[].kind': { allowed: `one of ${KINDS}`, example: '"pathChanged"' },
  ...under('evidence[]', evidenceHints),
}

export const fallbackHint: Hint = text
