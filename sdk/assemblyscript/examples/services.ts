import {
  Body,
  Cache,
  Clock,
  Context,
  Dispatcher,
  Http,
  Json,
  Log,
  Metrics,
  Request,
  Response,
  rateLimit,
  secret,
  useDispatcher,
  uuid,
  verifySignature,
} from '../assembly/index'

export { alloc, init, dispatch } from '../assembly/plugin'

/** Uses every service of the gateway once and answers with what it got. */
class Services extends Dispatcher {
  dispatch(request: Request): Response {
    Log.info('asked for ' + request.pathParameter('id'))
    Context.set('seen', request.method)
    Cache.set('key', Json.object().set('n', Json.integer(7)), 60)
    Metrics.count('requests', 1, Json.object().set('method', Json.text(request.method)))
    Metrics.observe('seconds', 0.5)
    const answer = Http.call(
      'POST',
      'https://a.example/x',
      Json.object().set('accept', Json.text('*/*')),
      'sent',
    )
    const result = Json.object()
      .set('body', Json.text(Body.text()))
      .set('client', Json.text(request.clientIp))
      .set('context', Json.text(<string>Context.get('seen')))
      .set('missing', Json.boolean(Context.get('none') === null))
      .set('uptimeMs', Json.integer(Clock.uptimeMs()))
      .set('unixSeconds', Json.integer(Clock.unixSeconds()))
      .set('uuid', Json.text(uuid()))
      .set('secret', Json.text(<string>secret('env://TOKEN')))
      .set('limited', rateLimit('ip', 10, 60).get('remaining'))
      .set('cached', Cache.get('key').get('n'))
      .set('verified', Json.boolean(verifySignature('none', Json.object(), '', Json.list())))
    if (answer !== null) {
      result.set('status', Json.integer(answer.status)).set('answer', Json.text(answer.body))
      result.set('header', Json.text(answer.headers.get('X-A')))
    }
    Body.set(result.toString())
    const response = Response.of(200)
    response.headers.set('content-type', 'application/json')
    return response
  }
}

useDispatcher(new Services())
