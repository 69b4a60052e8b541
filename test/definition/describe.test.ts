import { expect, test } from '@jest/globals'
import { changeOf } from '../../src/definition/difference.ts'
import { changeWords } from '../../src/verdict/words/definition.ts'
import { type Files, changed, command } from './workspace.ts'

const pkg = (body: string): string => JSON.stringify({ scripts: { test: body } })

const cases: readonly { files: Files; argv: readonly string[]; change: Files; says: readonly string[] }[] = [
  {
    files: { 'package.json': pkg('node --test') },
    argv: ['npm', 'test'],
    change: { 'package.json': pkg('true') },
    says: ['package.json scripts.test: was `node --test`, now `true`'],
  },
  {
    files: { 'package.json': pkg('node --test') },
    argv: ['npm', 'test'],
    change: { 'package.json': '{}' },
    says: ['package.json scripts.test: was `node --test`, now absent or no longer in use'],
  },
  {
    files: { Makefile: 'all: test\ntest:\n\tpytest -q\nclean:\n\trm -rf x\n' },
    argv: ['make'],
    change: { Makefile: 'all: test\ntest:\n\ttrue\nclean:\n\trm -rf x\n', GNUmakefile: 'x:' },
    says: ['GNUmakefile: was absent, now `x:`', 'Makefile: differs from line 3 on\n-  pytest -q\n+  true'],
  },
  {
    files: { 'ci.sh': 'x\n'.repeat(2000) },
    argv: ['sh', 'ci.sh'],
    change: { 'ci.sh': 'y' },
    says: ['ci.sh: was sha256 0d06e1b2a3e0…, now sha256 a1fce4363854…'],
  },
  {
    files: { 'package.json': pkg('jest') },
    argv: ['npm', 'test'],
    change: { 'node_modules/.bin/jest': '#!/bin/sh\n' },
    says: ['node_modules/.bin/jest: was absent, now a plain file (sha256 e1b3b0ad3a2b…)'],
  },
  {
    files: { 'package.json': pkg('a') },
    argv: ['npm', 'test'],
    change: { 'package.json': pkg('b\u001B[2J\u202E`\u0007') },
    says: ['package.json scripts.test: was `a`, now `b [2J ` `'],
  },
  {
    files: { 'package.json': pkg('a'), '.npmrc': '//registry/:_authToken=SECRET1\nignore-scripts=true\n' },
    argv: ['npm', 'test'],
    change: { '.npmrc': '//registry/:_authToken=SECRET2\nscript-shell=./sh\n' },
    says: ['.npmrc: was `ignore-scripts=true`, now `script-shell=./sh`'],
  },
  {
    files: { 'package.json': pkg('a'), '.npmrc': '//registry/:_authToken=SECRET1\n' },
    argv: ['npm', 'test'],
    change: { '.npmrc': '//registry/:_authToken=SECRET2\n' },
    says: ['.npmrc: was sha256 3a5b0a4e2d57…, now sha256 1b5a0a4e2d57…'],
  },
]

test.each(cases)('says exactly what differs: $says.0', ({ files, argv, change, says }) => {
  const found = changed(files, [command(argv)], change).map((one) => changeWords(changeOf(one)))
  // Digests are shown by their first twelve digits; which ones does not matter here.
  const plain = (text: string): string => text.replace(/sha256 [0-9a-f]{12}…/g, 'sha256 …')
  expect(found.map(plain)).toEqual(says.map(plain))
})
