import { Json } from './json'

/** Header fields. Names are in lower case; several fields of one name are one value, parted by commas. */
export class Headers {
  constructor(readonly json: Json) {}

  get(name: string): string {
    return this.json.get(name.toLowerCase()).asText()
  }

  has(name: string): bool {
    return this.json.has(name.toLowerCase())
  }

  set(name: string, value: string): void {
    this.json.set(name.toLowerCase(), Json.text(value))
  }

  remove(name: string): void {
    this.json.remove(name.toLowerCase())
  }

  names(): string[] {
    return this.json.keys()
  }
}

/** A request on its way to the dispatcher. What is changed goes on changed. */
export class Request {
  readonly headers: Headers

  constructor(readonly json: Json) {
    this.headers = new Headers(json.get('headers'))
  }

  get method(): string {
    return this.json.get('method').asText()
  }

  /** Percent-encoded. */
  get path(): string {
    return this.json.get('path').asText()
  }
  set path(value: string) {
    this.json.set('path', Json.text(value))
  }

  /** Without the question mark; empty where there is none. */
  get query(): string {
    return this.json.get('query').asText()
  }
  set query(value: string) {
    this.json.set('query', value.length == 0 ? Json.none() : Json.text(value))
  }

  get clientIp(): string {
    return this.json.get('client_ip').asText()
  }

  pathParameter(name: string): string {
    return this.json.get('path_params').get(name).asText()
  }
}

/** A response on its way to the client. */
export class Response {
  readonly headers: Headers

  constructor(readonly json: Json) {
    if (json.get('headers').isNull) json.set('headers', Json.object())
    this.headers = new Headers(json.get('headers'))
  }

  static of(status: i32): Response {
    return new Response(Json.object().set('status', Json.integer(status)))
  }

  get status(): i32 {
    return <i32>this.json.get('status').asInteger()
  }
  set status(value: i32) {
    this.json.set('status', Json.integer(value))
  }
}
