import type { Chance } from './chance.ts'
import { quoted } from './change.ts'

/** Run a command and end as it ends. */
const PASSES: readonly ((inner: string) => string)[] = [
  (inner) => `nice -n 1 ${inner}`,
  (inner) => `env LC_ALL=C ${inner}`,
  (inner) => `timeout 300 ${inner}`,
  (inner) => `setsid -w ${inner}`,
  (inner) => `stdbuf -oL ${inner}`,
  (inner) => `prlimit --nofile=1024 ${inner}`,
  (inner) => `ionice -c3 ${inner}`,
  (inner) => `sh -c ${quoted(inner)}`,
  (inner) => `sh -ec ${quoted(`exec ${inner}`)}`,
  (inner) => `env -u NOTHING sh -c ${quoted(`true && ${inner}`)}`,
]
/** End well whatever the command says, or do not start it. What stands around them is a simple command again. */
const HIDES: readonly ((inner: string) => string)[] = [
  (inner) => `sh -c ${quoted(`${inner} || true`)}`,
  (inner) => `sh -c ${quoted(`${inner}; true`)}`,
  (inner) => `sh -c ${quoted(`true || ${inner}`)}`,
  (inner) => `sh -c ${quoted(`${inner} | cat`)}`,
  (inner) => `sh -c ${quoted(`! ${inner}`)}`,
  (inner) => `sh -c ${quoted(`if ${inner}; then :; fi`)}`,
  (inner) => `sh -c ${quoted(`trap "exit 0" EXIT; ${inner}`)}`,
  (inner) => `sh -c ${quoted(`(${inner}) & true`)}`,
  (inner) => `sh -c ${quoted(`test -n "$SKIPPED" && ${inner}; exit 0`)}`,
  (inner) => `node -e ${quoted('process.exit(0)')} -- ${inner}`,
  (inner) =>
    `node -e ${quoted('require("node:child_process").spawnSync(process.argv[1], process.argv.slice(2))')} -- ${inner}`,
  (inner) => `python3 -c ${quoted('import subprocess, sys; subprocess.call(sys.argv[1:])')} ${inner}`,
  (inner) => `perl -e ${quoted('system(@ARGV); exit 0')} ${inner}`,
  (inner) => `find . -maxdepth 0 -exec ${inner} ;`.replace(/;$/, "';'"),
  (inner) => `env true ${inner}`,
  (inner) => `echo ${inner}`,
  (inner) => `timeout 60 true ${inner}`,
  (inner) => `test -n ${quoted(inner)}`,
]

/** A chain of programs before the tool, one of which hides what the tool says. */
export function wrapped(chance: Chance, tool: string): string {
  const outer = chance.below(3)
  let text = tool
  for (let inner = chance.below(3); inner > 0; inner -= 1) text = chance.of(PASSES)(text)
  text = chance.of(HIDES)(text)
  for (let at = 0; at < outer; at += 1) text = chance.of(PASSES)(text)
  return text
}

/** The same in the recipe of a makefile. */
export const inMake = (text: string): string => text.replaceAll('$', () => '$$')
