export { Frame, type Evaluate } from './frame.ts'
export { planNode } from './plan-node.ts'
export { slotCount, staticCost } from './static-cost.ts'
