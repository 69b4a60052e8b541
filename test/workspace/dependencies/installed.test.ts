import { describe, expect, test } from '@jest/globals'
import { gemBrings, nodeBrings, pythonBrings } from '../../../src/workspace/dependencies/installed.ts'

const nothing = { programs: [], loadsItself: false, needs: [] }

describe('a package of Node', () => {
  test.each<[object, object]>([
    [{ name: 'x', scripts: { test: 'x', prepare: 'husky' } }, nothing],
    [
      { name: '@s/x', bin: './x.js', dependencies: { y: '1' } },
      { programs: ['x'], loadsItself: false, needs: ['y'] },
    ],
    [
      { name: 'x', bin: { a: 'a.js', b: 'b.js' } },
      { ...nothing, programs: ['a', 'b'] },
    ],
    [
      { name: 'x', scripts: { postinstall: 'x' } },
      { ...nothing, loadsItself: true },
    ],
    [
      { name: 'x', gypfile: true },
      { ...nothing, loadsItself: true },
    ],
    [
      { name: 'x', directories: { bin: 'bin' } },
      { ...nothing, loadsItself: true },
    ],
  ])('%j', (json, brings) => {
    expect(nodeBrings(JSON.stringify(json))).toEqual(brings)
  })
  test('one that cannot be read', () => {
    expect(nodeBrings('{')).toBeNull()
    expect(nodeBrings('{"scripts":[]}')).toBeNull()
  })
})

describe('a distribution of Python', () => {
  // As in pytest-timeout's, requests' and six's own files, shortened.
  const metadata =
    'Metadata-Version: 2.1\nName: x\nRequires-Dist: idna<4,>=2.5\nRequires-Dist: Typing_Extensions; python_version < "3.8"\nRequires-Dist: PySocks>=1.5.6; extra == "socks"\n\nRequires-Dist: text\n'
  const needs = ['idna', 'typing-extensions']
  test.each<[string, string | null, string, object]>([
    ['nothing', null, 'six.py,sha256=a,1\nsix-1.0.dist-info/RECORD,,\n', { ...nothing, needs }],
    [
      'a program',
      '[console_scripts]\nx-run = x:main\n',
      'x.py,,\n../../../bin/x-run,sha256=a,1\n',
      { programs: ['x-run'], loadsItself: false, needs },
    ],
    [
      'a program without an entry',
      null,
      'x-1.data/scripts/../bin/mocha,,\n../../../bin/other,sha256=a,1\n',
      { programs: ['mocha', 'other'], loadsItself: false, needs },
    ],
    ['a plug-in of pytest', '[pytest11]\nx = x.plugin\n', '', { programs: [], loadsItself: true, needs }],
    [
      'a plug-in beside a program',
      '[console_scripts]\na = x:main\n\n[flake8.extension]\nX = x\n',
      '',
      { programs: ['a'], loadsItself: true, needs },
    ],
    ['a path file', null, 'x.pth,sha256=a,1\n', { programs: [], loadsItself: true, needs }],
    ['a start file', null, '"sitecustomize.py",sha256=a,1\n', { programs: [], loadsItself: true, needs }],
  ])('%s', (_name, entryPoints, record, brings) => {
    expect(pythonBrings(metadata, entryPoints, record)).toEqual(brings)
  })
})

test.each<[readonly string[], readonly string[], readonly string[], object]>([
  [['lib/x.rb'], [], [], nothing],
  [['lib/x.rb'], ['x'], [], { ...nothing, programs: ['x'] }],
  [['lib/rubygems_plugin.rb'], [], [], { ...nothing, loadsItself: true }],
  [['lib/minitest/x_plugin.rb'], [], [], { ...nothing, loadsItself: true }],
  [['ext/x.c'], [], ['ext/extconf.rb'], { ...nothing, loadsItself: true }],
])('a gem with %j, %j, %j', (files, executables, extensions, brings) => {
  expect(gemBrings(files, executables, extensions, [])).toEqual(brings)
})
