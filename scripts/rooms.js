// Shows the rooms of src/ and holds them against scripts/rooms-table.js. Exits 1 on an arrow that runs back, on a circle of files
// or rooms (types count too), and when .oxlintrc.json has other rules; with --write-lint it writes these. Of another project than
// this one when a directory is given.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { circles, filesBelow, readImports } from './imports.js'
import { withRoomRules } from './rooms-lint.js'
import { ROOMS, allowedFor } from './rooms-table.js'

const MOST_LINES = 250
const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:type|interface|class|enum|function\*?)\s+(\w+)/gm

const [given] = process.argv.slice(2).filter((one) => !one.startsWith('--'))
const root = path.resolve(given ?? path.join(path.dirname(fileURLToPath(import.meta.url)), '..'))
const lintFile = path.join(root, '.oxlintrc.json')

const files = readImports(root, filesBelow(root, 'src'))
const roomOf = (file) => /^src\/([^/]+)\//.exec(file)?.[1] ?? '(none)'
const linesOf = (file) => files.get(file).text.split('\n').length - 1
/** A room that the table does not know stands above all others. */
const floor = (room) => (ROOMS.includes(room) ? ROOMS.indexOf(room) : ROOMS.length)
const rooms = [...new Set([...files.keys()].map(roomOf))].toSorted((a, b) => floor(a) - floor(b))
const arrows = [...files].flatMap(([from, { imports }]) =>
  imports.flatMap(({ to, typesOnly }) => (files.has(to) ? [{ from, to, typesOnly }] : [])),
)

/** room -> room it imports -> whether it takes only types. */
const between = new Map(rooms.map((room) => [room, new Map()]))
for (const { from, to, typesOnly } of arrows) {
  const [a, b] = [roomOf(from), roomOf(to)]
  if (a !== b) between.get(a).set(b, (between.get(a).get(b) ?? true) && typesOnly)
}

function forbidden() {
  const unknown = rooms.filter((room) => !ROOMS.includes(room))
  const back = arrows.filter(({ from, to, typesOnly }) => {
    const [a, b] = [roomOf(from), roomOf(to)]
    const { rooms: may, types } = allowedFor(a)
    return a !== b && !(may.includes(b) && (typesOnly || !types.includes(b)))
  })
  const impure = [...files].flatMap(([file, { imports }]) =>
    imports
      .filter(({ from }) => allowedFor(roomOf(file)).pure && from.startsWith('node:'))
      .map(({ from }) => [file, from]),
  )
  return [
    ...unknown.map((room) => `${room} is not in scripts/rooms-table.js`),
    ...back.map(
      ({ from, to, typesOnly }) =>
        `${roomOf(from)} -> ${roomOf(to)}: ${from} imports ${typesOnly ? 'types of ' : ''}${to}`,
    ),
    ...impure.map(([file, from]) => `${roomOf(file)} -> node: ${file} imports ${from}`),
  ]
}

function circlesOfBoth() {
  const next = new Map([...files.keys()].map((file) => [file, new Set()]))
  for (const { from, to } of arrows) next.get(from).add(to)
  const ofRooms = new Map([...between].map(([room, others]) => [room, new Set(others.keys())]))
  return [...circles(next), ...circles(ofRooms)].map((group) => group.join(', '))
}

/** `name: where, where` for each name that stands in several places. */
function several(pairs) {
  const places = new Map()
  for (const [name, where] of pairs) places.set(name, (places.get(name) ?? new Set()).add(where))
  return [...places].flatMap(([name, where]) => (where.size > 1 ? [`${name}: ${[...where].join(', ')}`] : []))
}

function roomLine(room) {
  const own = [...files.keys()].filter((file) => roomOf(file) === room)
  const lines = own.reduce((sum, file) => sum + linesOf(file), 0)
  const imports = rooms
    .filter((other) => between.get(room).has(other))
    .map((other) => (between.get(room).get(other) ? `${other} (types)` : other))
  return `${room.padEnd(12)}${String(own.length).padStart(5)}${String(lines).padStart(7)}  ${imports.join(', ')}\n`
}

function section(title, lines) {
  if (lines.length === 0) return
  process.stdout.write(`\n${title} (${lines.length})\n`)
  for (const line of lines) process.stdout.write(`  ${line}\n`)
}

/** What is wrong with the rules in .oxlintrc.json, if they are not written now. */
function lintFaults() {
  const config = JSON.parse(readFileSync(lintFile, 'utf8'))
  const right = withRoomRules(config)
  if (JSON.stringify(right) === JSON.stringify(config)) return []
  if (!process.argv.includes('--write-lint'))
    return ['.oxlintrc.json has other rules: npm run rooms -- --write-lint && npm run format']
  writeFileSync(lintFile, `${JSON.stringify(right, null, 2)}\n`)
  return []
}

process.stdout.write(`${'room'.padEnd(12)}${'files'.padStart(5)}${'lines'.padStart(7)}  imports\n`)
for (const room of rooms) process.stdout.write(roomLine(room))
const names = [...files.keys()]
section(
  `files of more than ${MOST_LINES} lines`,
  names.filter((file) => linesOf(file) > MOST_LINES).map((file) => `${file}: ${linesOf(file)}`),
)
section(
  'types and functions that several files declare',
  several(
    [...files].flatMap(([file, { text }]) => [...text.matchAll(DECLARED)].map(([, name]) => [name, file])),
  ),
)
section(
  'file names that several rooms use',
  several(names.map((file) => [path.posix.basename(file), roomOf(file)])),
)

const faults = [
  ['FORBIDDEN ARROWS', forbidden()],
  ['CIRCLES', circlesOfBoth()],
  ['LINT', lintFaults()],
]
for (const [title, lines] of faults) section(title, lines)
const count = faults.reduce((sum, [, lines]) => sum + lines.length, 0)
process.stdout.write(
  count === 0 ? '\nEvery arrow runs down, and nothing runs in a circle.\n' : `\n${count} faults\n`,
)
process.exitCode = count === 0 ? 0 : 1
