import path from 'node:path'
import type { Removable, WhyGone } from '../../setup/rooms/plan.ts'

const WHAT: Readonly<Record<Removable['what'], string>> = {
  room: 'a clean room',
  layer: 'what prepare made',
  caches: 'caches of clean rooms',
  copies: 'copies of ignored files',
}
const WHY: Readonly<Record<WhyGone, string>> = {
  closed: 'its run is over',
  idle: 'nobody has used it for long',
  orphan: 'its run or repository is gone',
  over: 'all layers together are too large',
  killed: 'whoever made it was killed',
  asked: 'nobody uses it',
}

/** In one line, as `a clean room, rooms/r1 (its run is over)`. */
export function roomThing({ what, path: place, why }: Removable, home: string): string {
  return `${WHAT[what]}, ${path.relative(home, place)} (${WHY[why]})`
}
