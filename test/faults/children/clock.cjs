// Preloaded into the hook's node: the clock is wrong by so many milliseconds, at once or from the moment a file is there.
const fs = require('node:fs')
const jump = Number(process.env.AUTOLOOP_TEST_CLOCK || 0)
const from = process.env.AUTOLOOP_TEST_CLOCK_FROM
const now = Date.now
if (jump !== 0) Date.now = () => now() + (from && !fs.existsSync(from) ? 0 : jump)
