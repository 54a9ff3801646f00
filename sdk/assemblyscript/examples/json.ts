import { Body, Dispatcher, Json, Request, Response, useDispatcher } from '../assembly/index'

export { alloc, init, dispatch } from '../assembly/plugin'

/** Reads the body as JSON and writes it again. */
class Echo extends Dispatcher {
  dispatch(request: Request): Response {
    Body.set(Json.parse(Body.text()).toString())
    return Response.of(200)
  }
}

useDispatcher(new Echo())
