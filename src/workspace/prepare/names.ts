import path from 'node:path'
import { managers } from '../../definition/node/managers.ts'

/*
 * What an installer reads, by name, in whatever directory it lies. One name too many makes a layer anew that would have done;
 * one too few keeps a layer that is no longer right. So a name that may count does.
 */
const NAMES: ReadonlySet<string> = new Set([
  'package.json',
  ...Object.values(managers).flatMap(({ lockfiles, settings, yaml }) => [
    ...lockfiles,
    ...settings,
    ...(yaml === null ? [] : [yaml]),
  ]),
  ...'.nvmrc .node-version .python-version .ruby-version .go-version .tool-versions mise.toml .mise.toml'.split(
    ' ',
  ),
  ...'pyproject.toml setup.py setup.cfg uv.toml uv.lock poetry.toml poetry.lock pdm.toml pdm.lock'.split(' '),
  ...'Pipfile Pipfile.lock pip.conf hatch.toml binding.gyp'.split(' '),
  ...'Gemfile Gemfile.lock gems.rb gems.locked composer.json composer.lock auth.json'.split(' '),
  ...'Cargo.toml Cargo.lock rust-toolchain rust-toolchain.toml go.mod go.sum go.work go.work.sum'.split(' '),
])

/** Names of many spellings, patches, and the directories in which tools keep their own programs and packages. */
const SHAPES =
  /(?:\.(?:gemspec|patch|diff)|(?:^|\/)(?:requirements|constraints)\/[^/]+\.(?:txt|in)|(?:requirements|constraints)[^/]*\.(?:txt|in)|(?:^|\/)pylock[^/]*\.toml|(?:^|\/)\.(?:bundle|cargo)\/config(?:\.toml)?)$|(?:^|\/)\.yarn\/(?:releases|plugins|patches|cache)\//

/** Whether a file of this name can decide what an installer makes. Relative to the root. */
export function decidesLayer(file: string): boolean {
  return NAMES.has(path.posix.basename(file)) || SHAPES.test(file)
}
