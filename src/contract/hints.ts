import { type Hints, argument, bool, command, place, program, started } from './command-hints.ts'
import { evidenceHints, evidenceKinds } from './evidence-kinds.ts'
import type { Hint } from './types.ts'

const text: Hint = { allowed: 'text', example: '"value"' }
const profile: Hint = { allowed: 'the name of a gate profile', example: '"default"' }
/** Also of a contract's own scope. */
export const scopeHint: Hint = {
  allowed: 'an array of at least one glob, or part of a file',
  example: '["src/**", "test/**", "package.json#/dependencies"]',
}
export const scopeEntryHint: Hint = {
  allowed: 'a glob relative to the repository root, or a file, `#` and a JSON pointer',
  example: '"package.json#/dependencies"',
}
const STEP = '{"argv": ["npm", "ci", "--ignore-scripts"], "network": "full"}'

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
  'policy.verify': place,
  'policy.scope': scopeHint,
  'policy.scope[]': scopeEntryHint,
  limits: { allowed: 'an object (version 2)', example: '{"outputBytes": 10737418240}' },
  'limits.outputBytes': { allowed: 'a whole number above 0', example: '10737418240' },
  'limits.layerBytes': { allowed: 'a whole number above 0', example: '21474836480' },
  prepare: { allowed: 'an array of steps (version 2)', example: `[${STEP}]` },
  ...under('prepare[]', {
    ...started,
    '': { allowed: 'an argv array, or an object with argv', example: STEP },
    argv: { ...program, example: '["npm", "ci", "--ignore-scripts"]' },
    timeoutSeconds: { ...started['timeoutSeconds']!, example: '1800' },
    network: { allowed: '"none", "loopback" or "full"', example: '"full"' },
  }),
  supervisor: { allowed: 'an object (version 2)', example: '{"jobs": 1}' },
  copy: { allowed: 'an array of globs of ignored files (version 2)', example: '[".env.test"]' },
  'copy[]': { allowed: 'a glob relative to the repository root', example: '".env.test"' },
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
