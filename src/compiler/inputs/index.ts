export { collectInputs, type CollectedInputs, type InputOptions } from './collect-inputs.ts'
