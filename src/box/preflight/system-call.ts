import { spawnSync } from 'node:child_process'
import fs from 'node:fs'

/*
 * Node makes no system calls of one's choice, and the machine of a person need not have a compiler. Perl does, and is on nearly
 * every Linux: Debian's base has it, git asks for it. Without it the probes that need it count as not tried.
 */
const perl = '/usr/bin/perl'

interface Numbers {
  readonly addKey: number
  readonly keyctl: number
  readonly ptrace: number
  readonly readMemory: number
}

const numbers: Readonly<Partial<Record<NodeJS.Architecture, Numbers>>> = {
  x64: { addKey: 248, keyctl: 250, ptrace: 101, readMemory: 310 },
  arm64: { addKey: 217, keyctl: 219, ptrace: 117, readMemory: 270 },
}

const SEARCH = 10
const SESSION_KEYRING = -3
const SEIZE = 0x4206
const REFUSED = new Set([1, 13, 38])

export interface SystemCalls {
  /** Whether the session's keyring holds this key; `refused`: the call itself is. */
  findsKey(name: string): boolean | 'refused'
  /** Whether a key can be put into the session's keyring. */
  addsKey(name: string): boolean
  /** Whether it can be traced. */
  traces(pid: number): boolean
  /** Another process's memory; null where that is refused. */
  reads(pid: number, at: number, length: number): Buffer | null
  /** The command line that begins a session keyring with this key in it and becomes `argv`. */
  withKey(name: string, argv: readonly string[]): readonly string[]
}

/** Null: there is no perl here, or the numbers of this architecture are not known. */
export function systemCalls(): SystemCalls | null {
  const known = numbers[process.arch]
  if (known === undefined || process.platform !== 'linux' || !fs.existsSync(perl)) return null
  const { addKey, keyctl, ptrace, readMemory } = known
  return {
    findsKey(name) {
      const { result, errno } = call(keyctl, SEARCH, SESSION_KEYRING, 'user', name, 0)
      return result > 0 || (REFUSED.has(errno) && 'refused')
    },
    addsKey: (name) => call(addKey, 'user', name, 'x', 1, SESSION_KEYRING).result > 0,
    traces: (pid) => call(ptrace, SEIZE, pid, 0, 0).result === 0,
    reads(pid, at, length) {
      const run = spawnSync(perl, ['-e', READ, ...[readMemory, pid, at, length].map(String)], { env: {} })
      return run.status === 0 ? run.stdout : null
    },
    withKey: (name, argv) => [perl, '-e', WITH_KEY, String(keyctl), String(addKey), name, ...argv],
  }
}

/** Strings are handed over as pointers, numbers as they are. */
const CALL = '@a = map { /^=/ ? substr($_, 1) : $_ + 0 } @ARGV; printf "%d %d", syscall(shift @a, @a), $!'
const READ = `my ($call, $pid, $at, $length) = map { $_ + 0 } @ARGV;
  my $bytes = "\\0" x $length;
  my ($own, $other) = (pack("PQ", $bytes, $length), pack("QQ", $at, $length));
  syscall($call, $pid, $own, 1, $other, 1, 0) > 0 or exit 1;
  print $bytes`
const WITH_KEY = `my ($keyctl, $add, $name) = splice(@ARGV, 0, 3);
  syscall($keyctl + 0, 1, 0);
  my ($type, $value) = ("user", "x");
  syscall($add + 0, $type, $name, $value, 1, ${SESSION_KEYRING});
  exec { $ARGV[0] } @ARGV`

function call(...words: readonly (number | string)[]): { result: number; errno: number } {
  const args = words.map((word) => (typeof word === 'number' ? String(word) : `=${word}`))
  const run = spawnSync(perl, ['-e', CALL, ...args], { env: {}, encoding: 'utf8' })
  const [result = -1, errno = 0] = run.status === 0 ? run.stdout.split(' ').map(Number) : []
  return { result, errno }
}
