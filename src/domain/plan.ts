import type { JsonObject } from './json.ts'

/** The entry of an artifact that holds the {@link CompiledPlan}. */
export const PLAN_ENTRY = 'plan.json'

/** The version of the plan that this version writes and the only one that it loads. */
export const PLAN_VERSION = 1

/** A JSON Schema of draft 2020-12, self-contained: every `$ref` is `#` or `#/$defs/…` within it. */
export type JsonSchema = JsonObject | boolean

/** All that the data plane needs to serve, resolved: no YAML, no `$ref` outside a schema, chains merged. */
export interface CompiledPlan {
  readonly plan_version: number
  /** Each distinct schema once; parameters and bodies name them by their index. */
  readonly schemas: readonly JsonSchema[]
  /** Ordered by path (UTF-8 bytes), then method. */
  readonly routes: readonly Route[]
  /**
   * Patterns of the schemas that may take time out of proportion to the text by backtracking, each in the syntax of RE2;
   * null where that has no way to say it, so that only short texts are matched. Left out where there are none.
   */
  readonly guarded_patterns?: GuardedPatterns | undefined
}

export type GuardedPatterns = Readonly<Record<string, string | null>>

export interface Route {
  /** Template with the base path in front: `{p}` is one segment, `{p+}` the rest. */
  readonly path: string
  /** Upper case, e.g. `GET`, `QUERY`. */
  readonly method: string
  readonly operation_id: string | null
  /** The input path of the root document that describes it. */
  readonly spec: string
  readonly deprecated: boolean
  /** The HTTP-date of `x-sunset`. */
  readonly sunset: string | null
  readonly parameters: readonly Parameter[]
  readonly body: RequestBody | null
  readonly middlewares: readonly PluginUse[]
  readonly dispatch: PluginUse
  /** Those of AsyncAPI, for the dispatcher; left out in routes of OpenAPI. */
  readonly bindings?: Bindings | undefined
  /** What `mock` answers with by the examples of the description; left out where it does not. */
  readonly mock_examples?: readonly MockExample[] | undefined
  /** Left out where answers are not checked. */
  readonly response_validation?: ResponseValidation | undefined
}

/** One answer of a description, as bytes of its body in UTF-8. */
export interface MockExample {
  readonly status: number
  /** Null for an answer without a body. */
  readonly media_type: string | null
  /** Its key in `examples`; null for `example` and for what is made from a schema. */
  readonly name: string | null
  readonly body: string
}

/** How answers are compared with the description. */
export interface ResponseValidation {
  /** An answer that does not fit is reported and goes out, or is replaced by 502. */
  readonly mode: 'report' | 'enforce'
  /** The share of answers that is checked: above 0, 1 at most. */
  readonly sample: number
  readonly responses: readonly ResponseDescription[]
}

export interface ResponseDescription {
  /** `200`, `2XX` or `default`. */
  readonly status: string
  readonly headers: readonly Parameter[]
  /** Most specific media range first; null where the description says nothing of a body. */
  readonly content: readonly ResponseContent[] | null
}

export interface ResponseContent {
  /** A media range of RFC 9110 §12.5.1 in lower case and without parameters. */
  readonly media_range: string
  readonly schema: number | null
}

/** The bindings of a channel, an operation and its messages, by protocol. */
export interface Bindings {
  readonly channel: JsonObject
  readonly operation: JsonObject
  readonly messages: readonly JsonObject[]
}

export interface PluginUse {
  readonly name: string
  readonly config: JsonObject
}

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie' | 'querystring'

export type ParameterStyle =
  | 'simple'
  | 'label'
  | 'matrix'
  | 'form'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'deepObject'
  | 'cookie'

export interface Parameter {
  /** As declared; header names are compared without regard to case. */
  readonly name: string
  readonly in: ParameterLocation
  readonly required: boolean
  /** OpenAPI's default filled in (`simple` for path and header, `form` for query and cookie). */
  readonly style: ParameterStyle
  readonly explode: boolean
  readonly allow_reserved: boolean
  /** Set where the parameter is described by `content`: its value is one serialised document of this media type. */
  readonly media_type: string | null
  /** Index into {@link CompiledPlan.schemas}; null accepts anything. */
  readonly schema: number | null
}

export interface RequestBody {
  readonly required: boolean
  /** Most specific media range first. */
  readonly content: readonly BodyContent[]
}

export interface BodyContent {
  /** A media range of RFC 9110 §12.5.1 in lower case and without parameters. */
  readonly media_range: string
  readonly schema: number | null
  /** The `encoding` object of form and multipart bodies, by property. */
  readonly encoding: Readonly<Record<string, PartEncoding>>
}

export interface PartEncoding {
  readonly content_type: string | null
  readonly style: ParameterStyle | null
  readonly explode: boolean | null
  readonly allow_reserved: boolean
}
