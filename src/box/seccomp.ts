/*
 * The system calls that no gate needs and that reach past namespaces: another process's memory, the session's keyring,
 * io_uring (which does sockets without the calls that a filter sees), bpf, perf, userfaultfd. Written as the kernel reads it:
 * an array of struct sock_filter, little endian, as both architectures are.
 */

const LOAD = 0x20
const EQUAL = 0x15
const AT_LEAST = 0x35
const RETURN = 0x06
const ALLOW = 0x7fff0000
const ERRNO = 0x00050000
const EPERM = 1
const ENOSYS = 38
const AF_UNIX = 1

/** Offsets in struct seccomp_data. */
const NUMBER = 0
const ARCHITECTURE = 4
const FIRST_ARGUMENT = 16

interface Calls {
  readonly audit: number
  readonly socket: number
  /** ptrace, process_vm_readv, process_vm_writev, pidfd_getfd, add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd. */
  readonly denied: readonly number[]
}

const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Architecture, Calls>>> = {
  x64: {
    audit: 0xc000003e,
    socket: 41,
    denied: [101, 310, 311, 438, 248, 249, 250, 321, 298, 323],
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    denied: [117, 270, 271, 438, 217, 218, 219, 280, 241, 282],
  },
}
/** io_uring_setup, _enter, _register: the same numbers everywhere. */
const IO_URING = [425, 426, 427]
/** From here on a call of x86-64 is one of its 32-bit twin. */
const X32 = 0x40000000

export interface FilterChoice {
  /** Also refuses `socket(AF_UNIX)`, but not `socketpair`. */
  readonly unixSockets: 'allow' | 'refuse'
}

/** The filter for this machine; null for an architecture whose numbers are not known here. */
export function seccompFilter({ unixSockets }: FilterChoice, arch = process.arch): Buffer | null {
  const calls = ARCHITECTURES[arch]
  if (calls === undefined) return null
  const refuse = (errno: number): Buffer => step(RETURN, 0, 0, ERRNO | errno)
  // Each test skips the refusal behind it unless it holds.
  const unless = (code: number, value: number, errno: number): Buffer[] => [
    step(code, 0, 1, value),
    refuse(errno),
  ]
  const steps = [
    step(LOAD, 0, 0, ARCHITECTURE),
    step(EQUAL, 1, 0, calls.audit),
    refuse(EPERM),
    step(LOAD, 0, 0, NUMBER),
    ...unless(AT_LEAST, X32, EPERM),
    ...IO_URING.flatMap((call) => unless(EQUAL, call, ENOSYS)),
    ...calls.denied.flatMap((call) => unless(EQUAL, call, EPERM)),
    ...(unixSockets === 'allow'
      ? []
      : [
          step(EQUAL, 0, 3, calls.socket),
          step(LOAD, 0, 0, FIRST_ARGUMENT),
          ...unless(EQUAL, AF_UNIX, EPERM),
        ]),
    step(RETURN, 0, 0, ALLOW),
  ]
  return Buffer.concat(steps)
}

function step(code: number, whenTrue: number, whenFalse: number, value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt16LE(code, 0)
  bytes.writeUInt8(whenTrue, 2)
  bytes.writeUInt8(whenFalse, 3)
  bytes.writeUInt32LE(value >>> 0, 4)
  return bytes
}
