import { codexDriver } from './codex-driver.ts'
import { playedBy } from './played-by.ts'

playedBy(codexDriver)
