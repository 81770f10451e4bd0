/**
 * Numbers, all of this value. It grows number by number, by which V8 knows that there is no hole in it: then what it makes
 * of a slice is as dense. V8 keeps integers (0) and other numbers (0.5) apart, so the value says which are to come.
 */
export function packedArray(length: number, value: number): number[] {
  const array: number[] = [];
  while (array.length < length) array.push(value);
  return array;
}
