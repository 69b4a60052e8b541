import { expect, test } from '@jest/globals'
import { type TypedTask, typedItem } from '../../../src/supervisor/batch/typed-item.ts'
import { itemReader } from '../../../src/supervisor/decide/plan.ts'
import { config } from '../../backlog/rig.ts'

/** The evidence that a task comes to, or why it comes to nothing. */
function evidence(proof: readonly string[], more: Partial<TypedTask> = {}): unknown {
  const typed = typedItem({ text: 'Do it', scope: ['src/**'], ...more, proof }, config)
  if (!typed.ok) return typed.error.code
  return typed.value.flatMap((one) =>
    itemReader(config)(one)?.contract.tasks.flatMap((task) => task.evidence),
  )
}

const there = { kind: 'pathExists', path: 'src/b.txt' }

test('every proof is checked, is words for the agent, or is refused: none comes to nothing', () => {
  const same = [
    'pathExists: src/b.txt',
    '- [ ] pathExists: src/b.txt',
    '* `pathExists : src/b.txt`',
    'pathExists:src/b.txt',
  ]
  for (const one of same) expect({ one, is: evidence([one]) }).toEqual({ one, is: [there] })
  expect(evidence(['pathExists: src/b.txt\n- pathAbsent: src/c.txt\n', 'and it is short'])).toEqual([
    there,
    { kind: 'pathAbsent', path: 'src/c.txt' },
  ])
  // Words alone: that something changes.
  expect(
    evidence(['a reader knows why: it is short', 'https://example.org answers', 'localhost:80 too']),
  ).toEqual([{ kind: 'pathChanged', glob: '**/*' }])
  for (const one of ['pathExist: src/b.txt', 'PathExists: src/b.txt', 'path-exists: src/b.txt', '', ' - '])
    expect({ one, is: evidence([one]) }).toEqual({ one, is: 'invalid-contract' })
})

test('a block of code that has no end hides no proof', () => {
  for (const fence of ['```', '~~~~']) {
    const text = `Do it\n${fence}\ncode`
    expect(evidence(['pathExists: src/b.txt'], { text })).toBe('invalid-contract')
    expect(evidence(['pathExists: src/b.txt'], { text: `${text}\n${fence}` })).toEqual([there])
    expect(evidence([fence, 'pathExists: src/b.txt'])).toBe('invalid-contract')
  }
})
