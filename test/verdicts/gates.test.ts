import { testGroup } from './group.ts'

testGroup('gates')
