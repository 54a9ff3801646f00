import { compileExample } from '../support/assemblyscript.ts'
import { describeExerciser } from '../support/plugin-cases.ts'

describeExerciser('AssemblyScript', () => compileExample('exerciser'))
