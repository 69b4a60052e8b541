import { execFileSync } from 'node:child_process'
import { tableOf, type Tally } from './tally.ts'

const MARKED = /(<!-- verdicts -->\n)[^]*?(<!-- end -->)/

/** The page of figures with this table between its marks. */
export function withTable(page: string, result: Tally, when: string): string {
  if (!MARKED.test(page)) throw new Error('the page has lost the marks around its table of verdicts')
  return page.replace(MARKED, (_all, open, close) => `${open}${tableOf(result, when)}${close}`)
}

/** The day and the commit that were played. */
export function playedWhen(root: string, now: Date): string {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
  return `${now.toISOString().slice(0, 10)}, commit ${commit}`
}
