import { Body, Json, Middleware, Request, Response, useMiddleware } from '../assembly/index'

export { alloc, init, on_request, on_response } from '../assembly/plugin'

class Greeter extends Middleware {
  private name: string = ''

  configure(config: Json): bool {
    this.name = config.get('name').asText()
    return this.name.length > 0
  }

  onRequest(request: Request): Response | null {
    if (request.path == '/closed') {
      const response = Response.of(503)
      response.headers.set('content-type', 'text/plain')
      Body.set('Closed. Yours, ' + this.name)
      return response
    }
    request.headers.set('x-greeting', 'Hello from ' + this.name)
    return null
  }

  onResponse(response: Response): void {
    response.headers.set('x-greeted-by', this.name)
  }
}

useMiddleware(new Greeter())
