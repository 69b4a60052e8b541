// Loaded before the program: leaves its highest resident memory (kB) when it ends.
const fs = require('node:fs')
process.on('exit', () =>
  fs.writeFileSync(process.env.BENCH_PEAK_FILE, String(process.resourceUsage().maxRSS)),
)
