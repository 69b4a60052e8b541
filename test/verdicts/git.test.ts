import { testGroup } from './group.ts'

testGroup('git')
