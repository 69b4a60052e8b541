import { test } from '@jest/globals'
import { codexVersions, currentCodex, oldestCodex } from '../../rig/binaries.ts'
import { long } from '../../rig/long.ts'
import { playLabels } from './label.ts'
import { labels, sample } from './labels/labels.ts'

/*
 * The real Codex at items whose end is known. The short form plays a sample in one batch on the current release; the long form all of
 * them on both, and also a batch for each label.
 */

test.each(long ? [currentCodex, oldestCodex] : [currentCodex])(
  `%s: one batch of ${long ? 'all labels' : 'a sample'}`,
  async (version) => playLabels(version, long ? labels : sample),
  300_000,
)

if (long)
  test(
    `${currentCodex}: all labels, of a directory of the repository`,
    async () => playLabels(currentCodex, labels, 'packages/a/'),
    300_000,
  )

if (long)
  test.each(codexVersions.flatMap((version) => labels.map((label) => [version, label.name, label] as const)))(
    '%s: %s',
    async (version, _name, label) => playLabels(version, [label]),
    120_000,
  )
