// Growing typed arrays: tables of slots double when they are full, so nothing is allocated per request.

type NumericArray = Float64Array | Int32Array | Uint32Array | Uint8Array | Int8Array | Uint16Array;

/** A copy of `array` with room for `capacity` elements; the new ones are 0. */
export function grow<A extends NumericArray>(array: A, capacity: number): A {
  const larger = new (array.constructor as new (length: number) => A)(capacity);
  larger.set(array);
  return larger;
}
