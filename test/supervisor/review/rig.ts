import fs from 'node:fs'
import path from 'node:path'
import type { ReviewAnswer } from '../../../src/agents/review-answer.ts'
import type { WorkPlanAnswer } from '../../../src/agents/plan-answer.ts'
import { projectRoot } from '../../rig/root.ts'
import { type Site, type SiteParts, makeSite } from '../rig.ts'

/** One start of a scripted reviewer. A text is written as it is. */
export interface ScriptedReview {
  readonly answer?: Partial<ReviewAnswer> | WorkPlanAnswer | string
  readonly exit?: number
  /** Run first; `$AFTER` is the directory with the change. */
  readonly sh?: string
}

export interface ReviewStart {
  readonly role: string
  readonly item: string
  readonly effort: string
  readonly cwd: string
  readonly here: readonly string[]
  readonly pid: number
  readonly began: number
  readonly prompt: string
}

export interface ReviewSite extends Site {
  reviews(name: string, ...turns: readonly ScriptedReview[]): void
  /** The same by item; `*`: of all others. */
  reviewsOf(name: string, turns: Readonly<Record<string, readonly ScriptedReview[]>>): void
  asked(name: string): readonly ReviewStart[]
  /** Writable for reviewers in the box as well. */
  readonly meeting: string
  /** Files that keep agents from being asked. */
  suspensions(): readonly { remove(): void }[]
}

/** A site with reviewers by these names, all of whom pass until they are told otherwise. */
export function makeReviewSite(names: readonly string[], parts: SiteParts): ReviewSite {
  const program = path.join(projectRoot, 'test/supervisor/review/fake-reviewer.js')
  let site: Site | undefined
  // The directory is not known before the site is made; the agents find their files by a link-free relative place of their own.
  const dir = fs.mkdtempSync(path.join(fs.realpathSync(process.env['HOME'] ?? '/root'), '.autoloop-review-'))
  const file = (name: string): string => path.join(dir, `${name}.json`)
  const log = (name: string): string => path.join(dir, 'logs', `${name}.log`)
  fs.mkdirSync(path.join(dir, 'logs'))
  const reviews = (name: string, ...turns: readonly ScriptedReview[]): void =>
    fs.writeFileSync(file(name), JSON.stringify(turns))
  for (const name of names) reviews(name, { answer: { verdict: 'pass' } })
  const { supervisor = {}, agents = {}, ...rest } = parts
  site = makeSite({
    ...rest,
    agents: {
      ...agents,
      ...Object.fromEntries(
        names.map((name) => [
          name,
          {
            adapter: 'command',
            argv: [process.execPath, program, file(name), log(name)],
            sandbox: parts.sandbox ?? 'off',
            ...(parts.sandbox === 'on' ? { writable: [path.join(dir, 'logs')] } : {}),
          },
        ]),
      ),
    },
    supervisor: { roles: { work: ['fake'], review: names }, ...supervisor },
  })
  const made = site
  return {
    ...made,
    meeting: path.join(dir, 'logs'),
    reviews,
    reviewsOf: (name, turns) => fs.writeFileSync(file(name), JSON.stringify(turns)),
    asked: (name) =>
      fs.existsSync(log(name))
        ? fs
            .readFileSync(log(name), 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as ReviewStart)
        : [],
    suspensions: () =>
      fs
        .readdirSync(path.join(made.home, 'providers'))
        .map((one) => ({ remove: () => fs.rmSync(path.join(made.home, 'providers', one)) })),
    remove: () => {
      made.remove()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}
