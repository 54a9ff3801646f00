import { getBuiltinModule } from 'node:process'

/**
 * What `node:http` knows of HTTP, had without `import`: that reads everything it exports, and at `WebSocket` Node loads a
 * client of its own, which takes more memory than what this gateway makes of an artifact.
 */
export const { STATUS_CODES, validateHeaderName, validateHeaderValue } = getBuiltinModule('node:http')
