import { type Flags, cwdFlag } from './command.ts'

/** How a command is told which run or session it is about: an id as a word, or behind either flag. */
export const whichRun = {
  optional: { id: 'of a run or a session, or how it begins (default: the run here)' },
  flags: {
    ...cwdFlag,
    run: {
      type: 'string',
      value: 'id',
      alias: 'run-id',
      describe: 'the same, as a flag; also of a run in the archive',
    },
    'session-id': { type: 'string', value: 'id', describe: 'the same, as a flag' },
  },
} as const satisfies { readonly optional: object; readonly flags: Flags }

export interface RunArgs {
  readonly cwd?: string | undefined
  readonly id?: string | undefined
  readonly run?: string | undefined
  readonly 'session-id'?: string | undefined
}

/** The id that was given, in whichever way. */
export function idIn(asked: RunArgs): string | undefined {
  return asked.id ?? asked.run ?? asked['session-id']
}

/** A usage error: which of two ids counts would be a guess. */
export function idTwice(asked: RunArgs): string | undefined {
  const ids = [asked.id, asked.run, asked['session-id']].filter((id) => id !== undefined)
  return ids.length > 1 ? `one id is enough: ${ids.join(' or ')}?` : undefined
}
