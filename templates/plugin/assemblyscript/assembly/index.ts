import {
  Body,
  Json,
  Log,
  Middleware,
  Request,
  Response,
  useMiddleware,
} from '@barbacane/plugin-assemblyscript/assembly/index'

// What the gateway calls; add on_response where the plugin looks at responses, too.
export { alloc, init, on_request } from '@barbacane/plugin-assemblyscript/assembly/plugin'

class Maintenance extends Middleware {
  private isClosed: bool = false

  /** Called once, when the artifact is loaded. */
  configure(config: Json): bool {
    this.isClosed = config.get('closed').asBoolean()
    return true
  }

  /** A response answers the request; null lets it go on. */
  onRequest(request: Request): Response | null {
    if (!this.isClosed) return null
    Log.info('closed')
    Body.set('Closed for maintenance.\n')
    const response = Response.of(503)
    response.headers.set('content-type', 'text/plain')
    response.headers.set('retry-after', '60')
    return response
  }
}

useMiddleware(new Maintenance())
