import fs from 'node:fs'
import path from 'node:path'
import { projectRoot } from '../rig/root.ts'
import { draw, rowsOf } from './picture.ts'
import { linesBelow, play } from './use-it.ts'

/** Started by scripts/picture.js. */
const readme = fs.readFileSync(path.join(projectRoot, 'README.md'), 'utf8')
const played = await play(linesBelow(readme, 'Use it'))
fs.writeFileSync(path.join(projectRoot, 'docs/run.svg'), draw(rowsOf(played)))
