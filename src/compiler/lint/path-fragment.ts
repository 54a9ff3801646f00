import { isBeforeOpenApi32 } from '../document/index.ts'
import type { RouteNode } from './routes.ts'

type Templated = Pick<RouteNode, 'root' | 'template'>

/**
 * True where a path ends in a fragment that its version of OpenAPI allows: no request has it, so that it is not served.
 * From 3.2 on the grammar of path templates (§4.8.2) forbids `#`.
 */
export function hasFragment({ root, template }: Templated): boolean {
  return template.includes('#') && isBeforeOpenApi32(root)
}

/** The template as it is judged: whole, or up to the fragment that is allowed. */
export function withoutFragment(route: Templated): string {
  return hasFragment(route) ? route.template.slice(0, route.template.indexOf('#')) : route.template
}
