import type { Hint } from './types.ts'

/** Keys of this table: field names joined by dots, `*` for a name the user chose, `[]` for an element. */
export type Hints = Readonly<Record<string, Hint>>

export const bool: Hint = { allowed: 'true or false', example: 'true' }
export const argument: Hint = { allowed: 'text of at most 8192 characters', example: '"--silent"' }
const COMMAND = '{"argv": ["npm", "test"], "timeoutSeconds": 600}'

const SERVICE = '{"argv": ["redis-server", "--port", "6380"], "ready": ["redis-cli", "-p", "6380", "ping"]}'

export const program: Hint = {
  allowed: 'a non-empty array of text: program, then arguments',
  example: '["npm", "test"]',
}
export const place: Hint = { allowed: '"clean-room" or "in-place" (version 2)', example: '"clean-room"' }

/** What a command of a gate and a step of `prepare` have in common. */
export const started: Hints = {
  '[]': argument,
  argv: program,
  'argv[]': argument,
  cwd: { allowed: 'a directory relative to the repository root', example: '"packages/app"' },
  timeoutSeconds: { allowed: 'a number above 0, at most 86400', example: '600' },
  env: { allowed: 'an object of text values', example: '{"NODE_ENV": "test"}' },
  'env.*': {
    allowed: 'letters, digits and _ as the name (not PATH, CODEX_…, AUTOLOOP_…), text as the value',
    example: '{"NODE_ENV": "test"}',
  },
  writable: { allowed: 'an array of directories', example: '["~/.cache/tool"]' },
  'writable[]': {
    allowed: 'text: an absolute directory or one below ~/',
    example: '"~/.cache/tool"',
  },
  secrets: { allowed: 'an array of names of variables (version 2)', example: '["NPM_TOKEN"]' },
  'secrets[]': {
    allowed: 'letters, digits and _ (not PATH, CODEX_…, AUTOLOOP_…)',
    example: '"NPM_TOKEN"',
  },
}

export const command: Hints = {
  ...started,
  '': { allowed: 'an argv array, or an object with argv', example: COMMAND },
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
  pins: { allowed: 'an array of files', example: '["jest.config.js"]' },
  'pins[]': { allowed: 'a file relative to the repository root', example: '"jest.config.js"' },
  evidence: bool,
  steps: bool,
  box: bool,
  verify: place,
  tests: { allowed: '"start" (version 2)', example: '"start"' },
  services: { allowed: 'an array of services (version 2)', example: `[${SERVICE}]` },
  'services[]': { allowed: 'an object with argv and ready', example: SERVICE },
  'services[].argv': { ...program, example: '["redis-server", "--port", "6380"]' },
  'services[].argv[]': argument,
  'services[].ready': { ...program, example: '["redis-cli", "-p", "6380", "ping"]' },
  'services[].ready[]': argument,
  'services[].stop': { ...program, example: '["redis-cli", "-p", "6380", "shutdown"]' },
  'services[].stop[]': argument,
  'services[].timeoutSeconds': { allowed: 'a number above 0, at most 86400', example: '30' },
  reach: {
    allowed: 'an array of sockets and devices (version 2)',
    example: '["unix:/run/docker.sock", "/dev/kvm"]',
  },
  'reach[]': { allowed: 'text: unix:/a/socket or /dev/device', example: '"/dev/nvidia*"' },
}
