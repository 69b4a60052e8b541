import { withClaude } from '../../rig/claude.ts'
import { claudeDriver } from './claude-driver.ts'
import { playedBy } from './played-by.ts'

withClaude((bin) => playedBy(claudeDriver(bin)))
