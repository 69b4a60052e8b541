import path from 'node:path'
import { credentialsIn } from '../agents/claude/environment.ts'
import { usesSignIn } from '../agents/codex/sign-in.ts'
import { bootId } from '../base/boot-id.ts'
import { isAlive } from '../base/process-id.ts'
import type { Context } from '../records/context.ts'
import { suspensionsOf } from '../supervisor/effects/providers.ts'
import type { Plan } from '../supervisor/decide/holds.ts'
import { itemFiles, newIds } from '../supervisor/orders/item-files.ts'
import { batchPaths, repoPaths } from '../supervisor/batch/paths.ts'
import { continuousProcess } from '../supervisor/batch/continuous-process.ts'
import { type Watcher, watcherOf } from '../supervisor/batch/watcher.ts'
import { settledConfig } from '../supervisor/batch/open.ts'
import { itemReader, planNow } from '../supervisor/decide/plan.ts'
import { lastSigns } from './last-sign.ts'
import { isGoalBatch } from '../supervisor/record/fold-goal.ts'
import type { BatchState } from '../supervisor/record/state.ts'

/** What a batch is looked at with. */
export interface Around {
  /** ms since the epoch. */
  readonly now: number
  /** Null where the frozen config cannot be read by this version. */
  readonly plan: Plan | null
  /** The sign-in of that program is what its service asks for, and no key in the environment takes its place. */
  readonly usesSignIn: { readonly codex: boolean; readonly claude: boolean }
  readonly newItems: readonly string[]
  readonly isAlive: boolean
  /** A process goes on and on: it works, or waits for more to do. */
  readonly isContinuous: boolean
  /** What starts a detached run again; null: it is not detached. */
  readonly watcher: Watcher | null
  /** When agents at work last said something, by fence. */
  readonly signs: ReadonlyMap<number, number>
}

/** Looks at the person's files and at the process that has the batch. */
export function lookAround(state: BatchState, context: Context): Around {
  const { opened } = state
  const settled = settledConfig(opened.config.text, opened.config.path)
  const { settings, config } = settled.ok ? settled.value : { settings: null, config: null }
  const files = itemFiles(path.join(opened.top, opened.prefix))
  return {
    now: context.clock(),
    plan:
      config === null || settings === null
        ? null
        : {
            ...planNow(opened, state, settings, itemReader(config)),
            suspended: suspensionsOf(context, settings.agents),
          },
    usesSignIn: {
      codex: usesSignIn(context.env.codexHome, context.env.vars),
      claude: Object.keys(credentialsIn(context.env.vars)).length === 0,
    },
    newItems: isGoalBatch(state) ? [] : newIds(files, state),
    watcher: watcherOf(repoPaths(context.env.home, opened.repoId)),
    isContinuous: continuousProcess(repoPaths(context.env.home, opened.repoId)) !== null,
    signs: lastSigns(batchPaths(context.env.home, opened.repoId, opened.batch), state),
    isAlive: isAtWork(state),
  }
}

/** Whether the process that took it last is still there. */
export function isAtWork({ owner }: Pick<BatchState, 'owner'>): boolean {
  return owner !== null && owner.bootId === bootId() && isAlive(owner.process)
}
