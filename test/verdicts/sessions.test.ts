import { testGroup } from './group.ts'

testGroup('sessions')
