import { testGroup } from './group.ts'

testGroup('odd')
