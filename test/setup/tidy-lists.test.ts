import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { homePaths } from '../../src/ledger/paths.ts'
import { tidyLists, tidyRequests } from '../../src/setup/tidy-lists.ts'

const hour = 3_600_000

let home: string
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'tidy-lists-'))
})
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

function put(name: string): void {
  fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true })
  fs.writeFileSync(path.join(home, name), '')
  // Git must see the time of the index in it; only its change time says when it was made.
  fs.utimesSync(path.join(home, name), 1, 1)
}

function left(): string[] {
  return fs
    .readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((name) => fs.statSync(path.join(home, name)).isFile())
    .sort()
}

test('copies of lists go a day after they were made, and nothing else of the scratch', () => {
  for (const name of [
    'listing-1',
    'listing-2.77',
    'index-x/index',
    'git-sha1/added-1.json',
    'excludes-1',
    'git-sha1/config',
  ])
    put(`git/${name}`)
  const all = left()
  tidyLists(path.join(home, 'git'), Date.now() + 23 * hour)
  expect(left()).toEqual(all)
  tidyLists(path.join(home, 'git'), Date.now() + 25 * hour)
  expect(left()).toEqual(['git/excludes-1', 'git/git-sha1/config'])
})

test('baselines of requests go once no request waits', () => {
  put('requests/baseline-1.json.gz')
  put('requests/baseline-2.index.br')
  put('requests/disable-x')
  put('armed/pending-1')
  const later = Date.now() + 25 * hour
  tidyRequests(homePaths(home), later)
  expect(left()).toContain('requests/baseline-1.json.gz')
  fs.rmSync(path.join(home, 'armed/pending-1'))
  tidyRequests(homePaths(home), Date.now())
  expect(left()).toContain('requests/baseline-1.json.gz')
  tidyRequests(homePaths(home), later)
  expect(left()).toEqual(['requests/disable-x'])
})
