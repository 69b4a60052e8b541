import { testGroup } from './group.ts'

testGroup('definition')
