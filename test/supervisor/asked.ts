import { expect } from '@jest/globals'
import type { Site } from './rig.ts'

/** The answer of a command that ends with this exit status. */
export async function answer(
  site: Site,
  code: number,
  ...args: readonly string[]
): Promise<Record<string, unknown>> {
  const ran = await site.cli(args)
  expect({ args, code: ran.code, stderr: ran.stderr, stdout: code === ran.code ? '' : ran.stdout }).toEqual({
    args,
    code,
    stderr: '',
    stdout: '',
  })
  return JSON.parse(ran.stdout) as Record<string, unknown>
}

/** How the items of the newest batch stand, each in a word or two. */
export async function states(site: Site): Promise<Record<string, string>> {
  const view = await answer(site, 0, 'status', '--batch')
  const items = view['items'] as readonly { id: string; state: string; code: string | null }[]
  return Object.fromEntries(
    items.map((one) => [one.id, one.code === null ? one.state : `${one.state}: ${one.code}`]),
  )
}
