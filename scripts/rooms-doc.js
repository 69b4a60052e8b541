// Writes the table of rooms into CONTRIBUTING.md, from scripts/rooms-table.js and the README of each room. With --check it writes
// nothing and exits 1 if the table is out of date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { ROOMS, NARROWER } from './rooms-table.js'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const file = path.join(root, 'CONTRIBUTING.md')

/** Rooms of the table that there are; the others are planned. */
const rows = ROOMS.filter((room) => existsSync(path.join(root, 'src', room))).map((room) => {
  const readme = readFileSync(path.join(root, 'src', room, 'README.md'), 'utf8')
  const what = readme.split('\n')[1] ?? ''
  const more = /^\*\*To add something:\*\* (.*)$/m.exec(readme)?.[1] ?? ''
  if (what === '' || more === '')
    throw new Error(`src/${room}/README.md does not say what is in it or what to add`)
  return `| [${room}](src/${room}) | ${what} | ${more} |`
})
const narrower = Object.entries(NARROWER).map(([room, { only, types, pure }]) => {
  const parts = [
    ...(only ? [`only ${only.join(' and ')}`] : []),
    ...(types ? [`of ${types.join(', ')} only types`] : []),
    ...(pure ? ['nothing of node'] : []),
  ]
  return `- \`${room}\` imports ${parts.join('; ')}.`
})
const table = ['| room | what is in it | to add something |', '|---|---|---|', ...rows, '', ...narrower].join(
  '\n',
)

const text = readFileSync(file, 'utf8')
const marked = /(<!-- rooms -->\n)[^]*(<!-- end -->)/
if (!marked.test(text)) throw new Error('CONTRIBUTING.md has lost the marks around its table of rooms')
const fresh = text.replace(marked, (_all, open, close) => `${open}${table}\n${close}`)
if (!process.argv.includes('--check')) writeFileSync(file, fresh)
else if (fresh !== text) {
  process.stderr.write('CONTRIBUTING.md is out of date: node scripts/rooms-doc.js\n')
  process.exitCode = 1
}
