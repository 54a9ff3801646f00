export { isColoured, type ColourFacts } from './colour.ts'
export { renderProblem, renderWarning, type Warning } from './render-problem.ts'
export { createStyle, type Style } from './style.ts'
