export { createRouter, type Match, type Routable, type Router } from './router.ts'
export { parseTemplate } from './template.ts'
