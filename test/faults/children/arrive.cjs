// Preloaded into the hook's node: leaves word when it looks for the first time whether it may judge.
const fs = require('node:fs')
const path = require('node:path')
const dir = process.env.AUTOLOOP_TEST_ARRIVE
const original = fs.readdirSync
let said = false
if (dir)
  fs.readdirSync = function (name, ...rest) {
    const result = original.call(this, name, ...rest)
    if (!said && path.basename(String(name)) === 'judging') {
      said = true
      fs.writeFileSync(path.join(dir, String(process.pid)), '')
    }
    return result
  }
