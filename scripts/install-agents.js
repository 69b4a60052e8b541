// Makes sure of the programs of other vendors that tests play where they are there. One that cannot be had is no failure.
import { installAgent, otherAgents } from './other-agents.js'

for (const name of otherAgents)
  if (installAgent(name) === null)
    process.stderr.write(`${name} cannot be had, so that nothing of it is played\n`)
