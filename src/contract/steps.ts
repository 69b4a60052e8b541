/**
 * One step of a command. `argv`: run as it is. `script`: `text` runs in place of the body of the script that the npm call
 * names, so that npm itself makes its environment; `as` is what it is to find in `npm_command`, null for npm's own word.
 */
export type Step = StepOf &
  Readonly<{
    /** Relative to the root. */
    cwd: string
    /** As a person reads it. */
    label: string
    /** Why it cannot be taken apart further; absent where it is one program. */
    mixed?: MixedWhy
  }>

type StepOf =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | {
      readonly kind: 'script'
      readonly call: readonly string[]
      readonly text: string
      readonly as: string | null
    }

/**
 * Why several programs stay in one process tree. `kept`: the config says so. `shell`: more than a chain of `&&`. `make`: more
 * than plain lines. `script`: what its package manager gives a script cannot be given to a part of it. `members`: several
 * packages. `wrapper`: a program stands before the chain. `runner`, `driver`: a program that starts others.
 */
export type MixedWhy = 'kept' | 'shell' | 'make' | 'script' | 'members' | 'wrapper' | 'runner' | 'driver'

/** What a command is made of. */
export type CommandSteps =
  | { readonly kind: 'one' }
  | { readonly kind: 'mixed'; readonly why: MixedWhy }
  /** At least two. */
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }

/** By the name of the command; of commands that ask for a box. */
export type FrozenSteps = Readonly<Record<string, CommandSteps>>
