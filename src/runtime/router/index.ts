export { createRouter, type Endpoint, type Match, type Routable, type Router } from './router.ts'
export { parseTemplate } from './template.ts'
