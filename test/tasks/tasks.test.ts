import { expect, test } from '@jest/globals'
import { figure, long } from '../rig/long.ts'
import { dependencyTasks } from './dependency-tasks.ts'
import { languageTasks } from './language-tasks.ts'
import { nodeTasks } from './node-tasks.ts'
import { playTask } from './play-task.ts'
import { settingsTasks } from './settings-tasks.ts'
import type { Sees, Task } from './task.ts'

const tasks: readonly Task[] = [...nodeTasks, ...settingsTasks, ...languageTasks, ...dependencyTasks]

const expected: Readonly<Record<Sees, { readonly stops: number; readonly questions: number }>> = {
  work: { stops: 1, questions: 0 },
  definition: { stops: 1, questions: 0 },
  greenfield: { stops: 1, questions: 0 },
  question: { stops: 2, questions: 1 },
}

test.each(tasks.filter(({ short }) => long || short === true))(
  '$name',
  async (task) => {
    const { said, ...counted } = await playTask(task)
    const { sees, unproved = [], fromNothing = sees === 'greenfield' } = task
    figure('task', { task: task.name, sees, ...counted })
    expect(counted).toEqual({
      state: 'released',
      blocks: 0,
      ...expected[sees],
      unproved: sees === 'definition' ? [...unproved].sort() : [],
      asked: sees === 'question' ? [...unproved].sort() : [],
    })
    expect(said.includes('The start held no source')).toBe(fromNothing)
  },
  600_000,
)

test('each name is there once, and the gate plays one of what each can be seen as', () => {
  expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length)
  expect(tasks).toHaveLength(35)
  expect(tasks.filter(({ short }) => short)).toHaveLength(4)
})
