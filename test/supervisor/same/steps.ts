import type { Step } from './scenario.ts'

export const shell = (run: string): Step => ({ do: 'shell', run })
export const put = (file: string, text = 'x'): Step => shell(`echo ${text} > ${file}`)
export const complete: Step = { do: 'answer', status: 'complete' }

/** Half of the work, and then a command that does not end. */
export const cutShort = [put('src/half.txt', 'half'), shell('echo at > src/at.txt; sleep 600')]
/** The worktree has come so far. */
export const AT = 'src/at.txt'
