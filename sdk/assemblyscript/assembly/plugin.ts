import { Json } from './json'
import { Request, Response } from './messages'
import { outputText, textAt } from './memory'

/** A middleware: sees each request before the dispatcher and each response after it. */
export class Middleware {
  /** Once, before any request. False refuses the configuration, and the gateway does not start. */
  configure(config: Json): bool {
    return true
  }

  /** A response answers the request at once; null lets it go on as it is now. */
  onRequest(request: Request): Response | null {
    return null
  }

  onResponse(response: Response): void {}
}

/** A dispatcher: answers requests. */
export class Dispatcher {
  /** Once, before any request. False refuses the configuration, and the gateway does not start. */
  configure(config: Json): bool {
    return true
  }

  dispatch(request: Request): Response {
    return Response.of(501)
  }
}

let middleware: Middleware = new Middleware()
let dispatcher: Dispatcher = new Dispatcher()
let isDispatcher = false

/** Says which middleware this plugin is. */
export function useMiddleware(instance: Middleware): void {
  middleware = instance
}

/** Says which dispatcher this plugin is. */
export function useDispatcher(instance: Dispatcher): void {
  dispatcher = instance
  isDispatcher = true
}

/** Gives the gateway room for the text that it hands over. */
export function alloc(size: i32): usize {
  return heap.alloc(<usize>size)
}

export function dealloc(pointer: usize, size: i32): void {
  heap.free(pointer)
}

export function init(pointer: usize, length: i32): i32 {
  const config = length == 0 ? Json.object() : Json.parse(textAt(pointer, length))
  const isAccepted = isDispatcher ? dispatcher.configure(config) : middleware.configure(config)
  return isAccepted ? 0 : 1
}

export function on_request(pointer: usize, length: i32): i32 {
  const request = new Request(Json.parse(textAt(pointer, length)))
  const response = middleware.onRequest(request)
  if (response === null) {
    outputText('{"action":0,"data":' + request.json.toString() + '}')
    return 0
  }
  outputText('{"action":1,"data":' + response.json.toString() + '}')
  return 1
}

export function on_response(pointer: usize, length: i32): i32 {
  const response = new Response(Json.parse(textAt(pointer, length)))
  middleware.onResponse(response)
  outputText(response.json.toString())
  return 0
}

export function dispatch(pointer: usize, length: i32): i32 {
  const response = dispatcher.dispatch(new Request(Json.parse(textAt(pointer, length))))
  outputText(response.json.toString())
  return 0
}

/** What a failed assertion does: the plugin traps, and its request is answered with 500. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  unreachable()
}
