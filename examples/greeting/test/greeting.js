import fs from 'node:fs'

const file = 'src/greeting.txt'
const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim() : '(no file)'
if (text !== 'hello') {
  console.error(`GREETING expected hello, got ${text}`)
  process.exit(1)
}
console.log('the greeting is fine')
