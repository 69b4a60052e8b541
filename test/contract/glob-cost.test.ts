import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { holds } from '../rig/long.ts'
import { globProblem } from '../../src/contract/path-rules.ts'
import { compileGlob } from '../../src/evidence/glob.ts'

/** Names that make a pattern try all it has. */
const worstNames = [
  'a'.repeat(255),
  `${'ab'.repeat(127)}#`,
  Array.from({ length: 16 }, () => 'a'.repeat(255)).join('/'),
  Array.from({ length: 500 }, () => 'a').join('/'),
  'src/components/navigation/NavigationBarItemSeparator.tsx',
]
const decide = (glob: string): unknown => worstNames.map(compileGlob(glob))

describe('globs as people write them are let through, and decided', () => {
  test.each([
    'src/**',
    '**/*.{ts,tsx,js,jsx,mjs,cjs}',
    '**/__tests__/**/*.test.*',
    '**/*-*.test.*',
    'src/*-*/*.test.*',
    '*_*_*.py',
    'a/b/**/c/**/d/**',
    '{apps,packages}/*/src/**/*.{ts,tsx}',
    '{*.ts,*.js,*.md,*.json}',
    '{src,{lib,test}/x}/**',
    'a{/b,/c}',
    '@(a|b)/*.md',
    '?(a|b).txt',
    'src/!(*.test|*.spec).ts',
    '+([0-9]).log',
    '+(foo|bar).txt',
    '*(a|b)#',
    'app/(auth)/**',
    '{a..z}/x',
    '*/*/*/*/*',
    'a+b/*.c++',
    '[a-z]+.txt',
    '@(a+a+a+a+b)',
    '[a]+[a]+[a]+[a]+b',
    '(a+)+(b)/*',
  ])('%s', (glob) => {
    expect(globProblem(glob)).toBeNull()
    decide(glob)
  })
})

describe('globs that backtrack are refused', () => {
  test.each([
    ['**/([a-zA-Z]+|[a-zA-Z]+)+#', 'between the alternatives'],
    ['+(+(a))', 'inside of'],
    ['*(a|*(b))b', 'inside of'],
    ['@(a|@(b|c))', 'inside of'],
    ['+({a,aa})b', 'inside of'],
    ['+(a|aa)b', 'different letters'],
    ['+(a|)b', 'different letters'],
    ['+(*)x', 'different letters'],
    ['+([ab]|[bc])#', 'different letters'],
    ['+(a/|b)#', 'different letters'],
    ['{a,b}'.repeat(9), 'alternatives'],
    ['@(a|a)'.repeat(9), 'alternatives'],
    ['*a*a*a*b', 'wildcards'],
    ['*a*a/*a*a/*a*a/b', 'wildcards'],
    ['**/a/**/b/**/c/**', 'wildcards'],
    ['+(a)+(a)+(a)+(a)b', 'wildcards'],
    ['src/!(*a*b*c*).ts', 'wildcards'],
    [`${'x'.repeat(1020)}/**/*.ts`, 'characters'],
  ])('%s', (glob, why) => {
    expect(globProblem(glob)?.allowed).toContain(why)
  })
})

test('whatever is let through comes to an end with the worst of names', () => {
  const pieces = [
    'a',
    'aa',
    '*',
    '**',
    '/',
    '/**/',
    '?',
    '[ab]',
    '+',
    '|',
    ',',
    '@(',
    '+(',
    '*(',
    '!(',
    '?(',
    ')',
    '{',
    '}',
    'b',
    '#',
  ]
  holds(
    400,
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (parts) => {
      const glob = parts.join('')
      fc.pre(glob !== '' && globProblem(glob) === null)
      decide(glob)
    }),
  )
})
