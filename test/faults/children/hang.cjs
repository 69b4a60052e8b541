// Preloaded into the hook's node: its first look at the plan-free workspace hangs in a read that never returns.
const fs = require('node:fs')
const fifo = process.env.AUTOLOOP_TEST_HANG_ON
const original = fs.readdirSync
if (fifo)
  fs.readdirSync = function (name, ...rest) {
    // /proc is listed in the middle of judging, when the guard stands.
    if (String(name) === '/proc') fs.closeSync(fs.openSync(fifo, 'r'))
    return original.call(this, name, ...rest)
  }
