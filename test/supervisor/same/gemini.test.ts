import { withGemini } from '../../rig/gemini.ts'
import { geminiDriver } from './gemini-driver.ts'
import { playedBy } from './played-by.ts'

withGemini((bin) => playedBy(geminiDriver(bin)))
