import type { Answer } from '../rig/installed.ts'
import type { Project } from './project.ts'
import type { Served } from './served.ts'

/**
 * A small project whose gates have to pass in the clean room. In its texts `@PORT@` stands for the port of its server, and `@TOKEN@`
 * for what that wants to be shown.
 */
export interface RoomProject extends Pick<
  Project,
  'name' | 'short' | 'needs' | 'tools' | 'files' | 'home' | 'notes' | 'bug' | 'reason'
> {
  /** On loopback for as long as it is played; a registry of packages. */
  readonly serve?: (token: string) => Promise<Served>
  /** Variables of the person's terminal. */
  readonly env?: Readonly<Record<string, string>>
  /** Shell text of the person, in the repository after its first commit. */
  readonly person?: string
  /** What the person has to change in the config that `install-repo --measure` wrote. */
  readonly edit?: {
    /** What nobody but them can know. */
    readonly why: string
    readonly change: (config: Answer) => Answer
    /** How the gates were measured before. */
    readonly before: Readonly<Record<string, string>>
  }
  /** How the gates are measured in the end, by name; default: `test` alone, in the room with loopback. */
  readonly rungs?: Readonly<Record<string, string>>
  /** Steps of `prepare` with their network, as the config has them; default: none. */
  readonly prepare?: readonly string[]
  /** Shell text of the agent that takes the bug out again; default: the file as it was. */
  readonly repair?: string
  /** Work of a third session, which is released. */
  readonly later?: string
  /** Words of a step that are on record somewhere. */
  readonly said?: string
  /** Layers of `prepare` that are kept: after the untouched tree, after the repair, after the later work. */
  readonly layers?: readonly number[]
}

/** A test of Node's own runner. */
export function nodeTest(name: string, ...lines: readonly string[]): string {
  return [
    "const assert = require('node:assert/strict')",
    "const fs = require('node:fs')",
    "const { execFileSync } = require('node:child_process')",
    "const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim()",
    `require('node:test').test('${name}', () => {`,
    ...lines.map((line) => `  ${line}`),
    '})',
    '',
  ].join('\n')
}
