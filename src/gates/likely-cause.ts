import { stripVTControlCharacters } from 'node:util'

/** What a machine lacks, as programs word it when they meet it. */
export const likelyCauseKinds = [
  'missing-module',
  'missing-gem',
  'missing-program',
  'read-only',
  'no-dns',
  'no-loopback',
] as const

/** Why a gate may have failed that is no fault of the work. A guess from its output: it may as well be the agent's doing. */
export interface LikelyCause {
  readonly kind: (typeof likelyCauseKinds)[number]
  /** The module, program, path, host or address; null where the program does not say. */
  readonly name: string | null
  /** What is missing is the very program that the gate was to run. */
  readonly own: boolean
}

interface Sign {
  readonly kind: LikelyCause['kind']
  /** With a group `name` where the line has one. */
  readonly line: RegExp
}

/** The first that matches a line decides. */
const signs: readonly Sign[] = [
  { kind: 'missing-gem', line: /cannot load such file -- (?<name>[\w./-]+)/ },
  {
    kind: 'missing-gem',
    line: /Could not find (?:gem )?'?(?<name>[\w.-]+).* in .*(?:gems|sources|source)\b/,
  },
  { kind: 'missing-module', line: /No module named '?(?<name>\w[\w.]*)/ },
  { kind: 'missing-module', line: /Cannot find (?:module|package) '(?<name>[^'./][^']*)'/ },
  { kind: 'missing-module', line: /no required module provides package (?<name>[^\s;:]+)/ },
  { kind: 'missing-module', line: /can't find crate for `(?<name>\w+)`/ },
  { kind: 'missing-module', line: /no matching package named `(?<name>[\w-]+)` found/ },
  { kind: 'missing-module', line: /Can't locate (?<name>\S+) in @INC/ },
  { kind: 'read-only', line: /(?<name>\/[^\s'"‘’:,]+)['"’]?: read-only file system/i },
  { kind: 'read-only', line: /read-only file system(?:[^/]*['" ](?<name>\/[^\s'"’:,)]+))?/i },
  { kind: 'no-dns', line: /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (?<name>[\w.-]+)/ },
  { kind: 'no-dns', line: /[Cc]ould not resolve host(?:name)?:? '?(?<name>[\w.-]+)/ },
  { kind: 'no-dns', line: /dial tcp: lookup (?<name>[\w.-]+)/ },
  {
    kind: 'no-dns',
    line: /^\w+: (?<name>[\w-]+(?:\.[\w-]+)+): (?:Temporary failure in name resolution|Name or service not known)/,
  },
  { kind: 'no-dns', line: /Temporary failure in name resolution|Name or service not known/ },
  {
    kind: 'no-loopback',
    line: /(?:listen|connect) (?:EPERM|EACCES): \w+ \w+ ?\w* (?<name>(?:127\.|::|0\.0\.0\.0|localhost)[\w.:]*)/,
  },
  {
    kind: 'no-loopback',
    line: /listen (?:tcp|udp)\d? (?<name>[\w.:[\]]+): .*(?:operation not permitted|permission denied)/,
  },
  { kind: 'missing-program', line: /^(?:.*: )?(?<name>[\w.+-]+): (?:command )?not found$/ },
  { kind: 'missing-program', line: /exec: "(?<name>[\w.+-]+)": executable file not found/ },
  { kind: 'missing-program', line: /spawn(?:Sync)? (?<name>[\w.+-]+) ENOENT/ },
  { kind: 'missing-program', line: /^make(?:\[\d+\])?: (?<name>[\w.+-]+): No such file or directory$/ },
  { kind: 'missing-program', line: /^env: ['‘](?<name>[\w.+-]+)['’]: No such file or directory$/ },
]

/** Longer lines are data, and no word of a program about its machine. */
const MOST_LINE = 1_000

/**
 * What the last such line of a failed gate's output says. `commands` are those it consists of: that one of their own
 * programs is missing can only be said by the shell (exit code 127) or by `python -m`.
 */
export function likelyCause(
  text: string,
  exitCode: number | null,
  commands: readonly (readonly string[])[],
): LikelyCause | null {
  const lines = stripVTControlCharacters(text).split('\n')
  for (const raw of lines.toReversed()) {
    const line = raw.trimEnd()
    if (line.length > MOST_LINE) continue
    for (const sign of signs) {
      const match = sign.line.exec(line)
      if (match === null) continue
      const name = match.groups?.['name'] ?? null
      return { kind: sign.kind, name, own: name !== null && isOwn(sign.kind, name, line, exitCode, commands) }
    }
  }
  return null
}

function isOwn(
  kind: LikelyCause['kind'],
  name: string,
  line: string,
  exitCode: number | null,
  commands: readonly (readonly string[])[],
): boolean {
  if (kind === 'missing-program') return exitCode === 127 && commands.some((words) => words.includes(name))
  if (kind !== 'missing-module') return false
  // The interpreter speaks of itself by its path; an import that fails is told by a traceback.
  const byInterpreter = /^\S*python[\d.]*: No module named /.test(line)
  const asked = commands.some((words) => words.some((word, at) => word === '-m' && words[at + 1] === name))
  return byInterpreter && asked
}
