/**
 * States by name, made at their first use. Names come from configurations, of which there are few; what they name stays,
 * so that a reload does not begin anew.
 */
export class NamedStates<State> {
  readonly #states = new Map<string, State>()
  readonly #create: () => State

  constructor(create: () => State) {
    this.#create = create
  }

  of(name: string): State {
    const state = this.#states.get(name) ?? this.#create()
    this.#states.set(name, state)
    return state
  }
}
