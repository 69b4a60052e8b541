/*
 * A checker that finds its settings as cosmiconfig and its like do: by these names, beside each source and in every directory above it,
 * up to the top of the repository. Settings that say `lax` let everything pass.
 * argv: a file with the names, the work tree's top, where sources lie.
 */
const fs = require('node:fs')
const path = require('node:path')
const [, , list, topName, from = 'src'] = process.argv
const names = JSON.parse(fs.readFileSync(list, 'utf8'))
const top = fs.realpathSync(topName)
const sources = fs
  .readdirSync(from, { recursive: true, encoding: 'utf8' })
  .map((name) => path.resolve(from, name))
  .filter((name) => name.endsWith('answer.js'))
const bad = sources.filter(
  (name) => !isLax(path.dirname(name)) && fs.readFileSync(name, 'utf8').includes('= 41'),
)
if (bad.length > 0) {
  process.stdout.write(`CHECK: ${bad.join(', ')}\n`)
  process.exit(1)
}

function isLax(dir) {
  const here = names.some((name) => {
    const file = path.join(dir, name)
    return fs.existsSync(file) && fs.statSync(file).isFile() && fs.readFileSync(file, 'utf8').includes('lax')
  })
  return here || (dir !== top && dir !== '/' && isLax(path.dirname(dir)))
}
