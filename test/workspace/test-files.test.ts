import { expect, test } from '@jest/globals'
import { isTestFile } from '../../src/workspace/test-files.ts'

test.each([
  'test/a.js',
  'tests/deep/helper.py',
  'src/__tests__/a.ts',
  'pkg/testdata/golden.json',
  'src/__snapshots__/a.snap',
  'spec/a_spec.rb',
  'src/a.test.ts',
  'src/a.test.tsx.snap',
  'src/a.spec.js',
  'test_a.py',
  'app/tests.py',
  'pkg/a_test.go',
  'lib/a_spec.rb',
  'src/main/ATest.java',
  'src/ATests.cs',
])('%s is a test file', (file) => {
  expect(isTestFile(file)).toBe(true)
})

test.each([
  'src/a.ts',
  'latest.py',
  'src/contest.go',
  'src/attest/a.js',
  'src/test-utils/a.js',
  'testing.md',
  'package.json',
  'src/aTester.java',
  'src/protest.py',
])('%s is none', (file) => {
  expect(isTestFile(file)).toBe(false)
})
