import path from 'node:path'
import { type Picture, pictureOf } from '../picture.ts'

/** All of a person's checkout but what publishing a branch adds to it: the branch, its log and its objects. */
export function checkout(repo: string): Picture {
  const git = path.join(repo, '.git')
  const published = [
    path.join('refs', 'heads', 'autonomous-loop'),
    path.join('logs', 'refs', 'heads', 'autonomous-loop'),
  ]
  const all = pictureOf([repo])
  return new Map(
    [...all].filter(
      ([file]) =>
        !file.startsWith(path.join(git, 'objects') + path.sep) &&
        !published.some((one) => file.startsWith(path.join(git, one) + path.sep)),
    ),
  )
}
