/** What networks and products of matrices are made of; arrays and sizes are told by the caller, nothing is kept between calls. */
export { activate, bend } from './activations';
export { addInto, addTimes, clear, sumRows, timesInto, transpose } from './elementwise';
export { multiply, workSize } from './products';
export { step } from './steps';
export { sampledProducts, scatter } from './sampled';

/** First free byte. */
export function heapBase(): usize {
  return __heap_base;
}
