import { describe, expect, test } from '@jest/globals'
import { bringsNothing, changes, said, secondLook } from './changes.ts'
import { recorded } from './recorded.ts'

/** What is free then; and whether the lock file alone tells enough. */
const cases = [
  {
    name: 'pnpm9',
    tells: false,
    free: ['package.json: free debug@4.4.3', 'pnpm-lock.yaml: free debug@4.4.3 ms@2.1.3'],
  },
  {
    name: 'pnpm8',
    tells: true,
    free: ['package.json: free debug@4.4.3', 'pnpm-lock.yaml: free debug@4.4.3 ms@2.1.3'],
  },
  {
    name: 'yarn1',
    tells: false,
    free: ['package.json: free debug@4.4.3', 'yarn.lock: free debug@4.4.3 ms@2.1.3'],
  },
  {
    name: 'berry',
    tells: false,
    free: ['package.json: free debug@4.4.3', 'yarn.lock: free debug@4.4.3 ms@2.1.3'],
  },
  {
    name: 'cargo',
    tells: true,
    free: ['Cargo.toml: free pcg@0.1.0', 'Cargo.lock: free pcg@0.1.0 rand_core@0.6.4'],
  },
  {
    name: 'go',
    tells: true,
    free: [
      'go.mod: free github.com/stretchr/testify@v1.8.0 github.com/davecgh/go-spew@v1.1.1',
      'go.sum: free github.com/davecgh/go-spew@v1.1.1 github.com/stretchr/testify@v1.8.0',
    ],
  },
]

describe.each(cases)('$name', ({ name, tells, free }) => {
  const was = recorded(name, 'was')
  const now = recorded(name, 'now')

  test('an added dependency is free where it is known what it brings', () => {
    expect(said(changes(was, now, { installed: bringsNothing() })).sort()).toEqual(free.toSorted())
    const unknown = said(changes(was, now)).sort()
    if (tells) expect(unknown).toEqual(free.toSorted())
    else expect(unknown.join('\n')).toContain('cannot-tell')
  })

  test('the way back is definition', () => {
    expect(said(changes(now, was, { installed: bringsNothing() })).join('\n')).toContain('moved')
  })

  test('one file alone is definition', () => {
    for (const file of Object.keys(now)) {
      const lines = said(changes(was, { ...was, [file]: now[file] ?? '' }, { installed: bringsNothing() }))
      expect(lines.join('\n')).toMatch(/definition (?:not-in-lock|not-in-manifest)/)
    }
  })

  test('what it brings', () => {
    const brings = (more: object) => () => ({ programs: [], loadsItself: false, needs: [], ...more })
    if (tells) return
    expect(said(changes(was, now, { installed: brings({ programs: ['mocha'] }) })).join('\n')).toContain(
      'program(',
    )
    expect(said(changes(was, now, { installed: brings({ loadsItself: true }) })).join('\n')).toContain(
      'plug-in(',
    )
  })

  test('what goes back for the second look is the start, or an honest change', () => {
    for (const side of [was, now]) {
      const context = { installed: bringsNothing() }
      expect(
        said(changes(was, secondLook(was, side, context), context)).every((line) => line.includes(': free')),
      ).toBe(true)
    }
  })
})
