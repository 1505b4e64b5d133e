// Values that survive JSON, for what crate carries through without understanding it.

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | {readonly [key: string]: JsonValue}

/** What a format knows of a track or playlist and crate does not, by format id; carried through unchanged. */
export type Extras = Readonly<Record<string, JsonValue>>
