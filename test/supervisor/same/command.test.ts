import { commandDriver } from './command-driver.ts'
import { playedBy } from './played-by.ts'

playedBy(commandDriver)
