import { testGroup } from './group.ts'

testGroup('work')
