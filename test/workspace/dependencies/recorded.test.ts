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

test('pnpm: an entry that nothing uses, and flags that are none', () => {
  const [was, now] = [recorded('pnpm9', 'was'), recorded('pnpm9', 'now')]
  const bent = (of: typeof now, from: string, to: string): typeof now => ({
    ...of,
    'pnpm-lock.yaml': (of['pnpm-lock.yaml'] ?? '').replace(from, to),
  })
  const more = bent(now, 'packages:\n', 'packages:\n\n  more@1.0.0:\n    resolution: {integrity: sha512-a}\n')
  expect(said(changes(was, more, { installed: bringsNothing() })).join()).toContain('unreadable')
  const [old, fresh] = [recorded('pnpm8', 'was'), recorded('pnpm8', 'now')]
  expect(said(changes(old, bent(fresh, 'dev: true', 'dev: truth'))).join()).toContain('unreadable')
  expect(said(changes(old, bent(fresh, 'dev: true', 'dev: false'))).join()).toContain('moved')
})

/** What stands in the added entry, and what an agent writes there; everywhere in the two files. */
const EVIL = 'https://evil.example/debug/-/debug-4.4.3.tgz'
const SUM = 'sha512-RGwwWnwQvkVfavKVt22FGLw+xYSdzARwm0ru6DhTVA3umU5hZc28V3kO4stgYryrTlLpuvgI9GiijltAjNbcqA=='
const PLAIN = 'https://registry.example/debug/-/debug-4.4.3.tgz'
test.each<[string, readonly (readonly [string, string])[], string]>([
  ['yarn1', [[PLAIN, EVIL]], 'other-registry(debug)'],
  ['yarn1', [[PLAIN, PLAIN.replaceAll('debug', 'fork')]], 'not-from-a-registry(debug)'],
  ['yarn1', [[PLAIN, 'file:src/x.tgz']], 'not-from-a-registry(debug)'],
  ['yarn1', [[`  integrity ${SUM}\n`, '']], 'no-integrity(debug)'],
  [
    'yarn1',
    [
      ['"debug": "^4.3.0"', '"debug": "file:src"'],
      ['debug@^4.3.0:', '"debug@file:src":'],
    ],
    'not-from-a-registry(debug)',
  ],
  [
    'yarn1',
    [
      ['"debug": "^4.3.0"', '"debug": "npm:fork@^4.3.0"'],
      ['debug@^4.3.0:', '"debug@npm:fork@^4.3.0":'],
    ],
    'alias(debug)',
  ],
  [
    'yarn1',
    [
      ['ms "^2.1.3"', 'ms "git+https://h/ms"'],
      ['ms@^2.1.3:', '"ms@git+https://h/ms":'],
    ],
    'not-from-a-registry(ms)',
  ],
  ['yarn1', [['ms@^2.1.3:', 'ms@^2.1.3, rimraf@^9.0.0:']], 'not-from-a-registry(ms)'],
  ['yarn1', [['debug@^4.3.0:', '\tdebug@^4.3.0:']], 'unreadable'],
  [
    'berry',
    [['"debug@npm:4.4.3"', `"debug@npm:4.4.3::__archiveUrl=${encodeURIComponent(EVIL)}"`]],
    'other-registry(debug)',
  ],
  ['berry', [['"debug@npm:4.4.3"', `"debug@${EVIL}"`]], 'not-from-a-registry(debug)'],
  [
    'berry',
    [['"debug@npm:4.4.3"', '"debug@patch:debug@npm%3A4.4.3#./src/x.patch"']],
    'not-from-a-registry(debug)',
  ],
  ['berry', [['version: 4.4.3', 'version: 4.4.2']], 'not-from-a-registry(debug)'],
  ['berry', [['checksum: 10c0/d79', 'checksum: 10c0/79']], 'no-integrity(debug)'],
  ['berry', [['    debug: "npm:^4.3.0"', '    debug: "npm:^4.0.0"']], 'not-in-lock(debug)'],
  [
    'berry',
    [['  languageName: unknown', '  bin:\n    mocha: src/x.js\n  languageName: unknown']],
    'other-content',
  ],
  ['berry', [['"debug@npm:4.4.3"\n', '"debug@npm:4.4.3"\n  bin:\n    mocha: x.js\n']], 'program(debug)'],
  ['pnpm9', [[`{integrity: ${SUM}}`, `{integrity: ${SUM}, tarball: ${EVIL}}`]], 'other-registry(debug)'],
  [
    'pnpm9',
    [[`{integrity: ${SUM}}`, `{integrity: ${SUM}, type: git, repo: 'https://h/x', commit: a}`]],
    'not-from-a-registry(debug)',
  ],
  ['pnpm9', [[`{integrity: ${SUM}}`, '{}']], 'no-integrity(debug)'],
  ['pnpm9', [['specifier: ^4.3.0', 'specifier: ^4.0.0']], 'not-in-lock(debug)'],
  ['pnpm9', [['        version: 4.4.3', '        version: link:src']], 'not-in-lock(debug)'],
  ['pnpm9', [['lockfileVersion:', 'overrides:\n  ms: 1.0.0\n\nlockfileVersion:']], 'other-content'],
  ['pnpm9', [['lockfileVersion:', '# \rlockfileVersion:']], 'unreadable'],
  [
    'pnpm9',
    [
      [
        '  debug@4.4.3:\n    dependencies:\n      ms: 2.1.3',
        '  debug@4.4.3:\n    dependencies:\n      <<: {ms: 2.1.3}',
      ],
    ],
    'unreadable',
  ],
])('%s: %j is definition', (name, changed, reason) => {
  const [was, now] = [recorded(name, 'was'), recorded(name, 'now')]
  const all = (text: string): string => changed.reduce((bent, [from, to]) => bent.replaceAll(from, to), text)
  const bent = Object.fromEntries(Object.entries(now).map(([file, text]) => [file, all(text)]))
  expect(bent).not.toEqual(now)
  expect(said(changes(was, bent, { installed: bringsNothing() })).join('\n')).toContain(reason)
})
