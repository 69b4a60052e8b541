import type { Scenario } from './scenario.ts'

const put = (file: string, text = 'x') => ({ do: 'shell', run: `echo ${text} > ${file}` }) as const
const complete = { do: 'answer', status: 'complete' } as const
const run = { code: 0 } as const

export const scenarios: readonly Scenario[] = [
  {
    name: 'done in the first turn',
    turns: [[put('src/cart.txt'), complete]],
    calls: [run],
    comes: {
      turns: ['complete'],
      attempts: ['done'],
      item: 'done',
      conversations: 1,
      head: { 'src/cart.txt': 'x\n' },
    },
  },
]
