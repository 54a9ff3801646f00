import { describeExerciser } from '../../../support/plugin-cases.ts'
import { watExerciser } from '../../../support/wat-exerciser.ts'

describeExerciser('the text format', () => watExerciser)
