import type { Site, SiteParts } from '../rig.ts'
import type { AgentName, AgentTurn, Step } from './scenario.ts'

export interface StageParts {
  readonly turns: readonly AgentTurn[]
  readonly site: Pick<SiteParts, 'items' | 'files'> & {
    readonly supervisor: Readonly<Record<string, unknown>>
  }
}

/** A site whose one agent does what the turns say. */
export interface Stage {
  readonly site: Site
  /** Of the person who types. */
  readonly vars: Readonly<Record<string, string>>
  /** What the nth start was given, from 1: its prompt, and the conversation before it. */
  heard(start: number): string
  close(): Promise<void>
}

export interface Driver {
  readonly name: AgentName
  /** Its program keeps conversations. */
  readonly hasConversations: boolean
  stage(parts: StageParts): Promise<Stage>
  /** Whether this command line is the program itself, and nothing around it. */
  isProgram(argv: readonly string[]): boolean
}

/**
 * Steps of turns, for a service that is asked one request at a time. A turn does not begin with a failure: whoever asks that again would be
 * taken for the next start. Behind other steps it gets the failure again.
 */
export class Script {
  /** What was in the first request of each start. */
  readonly heard: string[] = []
  private readonly turns: readonly AgentTurn[]
  private at = 0

  constructor(turns: readonly AgentTurn[]) {
    this.turns = turns
  }

  /** `begins`: it ends with a prompt of ours. `text`: all of the request. */
  next(begins: boolean, text: string): Step {
    if (begins) {
      this.heard.push(text)
      this.at = 0
    }
    const turn = this.turns[Math.min(this.heard.length, this.turns.length) - 1] ?? []
    const step = turn[Math.min(this.at, turn.length - 1)]
    this.at += 1
    if (step === undefined) throw new Error('nothing is scripted')
    return step
  }
}

/** A command with the places of its site in it. */
export const filled = (run: string, site: Pick<Site, 'repo' | 'home' | 'data'>): string =>
  run.replaceAll('{person}', site.repo).replaceAll('{home}', site.home).replaceAll('{data}', site.data)

export const inSeconds = (seconds: number): number => Math.ceil(Date.now() / 1000) + seconds

/** For ever, for a test. */
export const HANG_MS = 600_000
