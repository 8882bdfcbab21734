// Runs the layout in a worker. Messages: {id, input} in, {id, positions} or {id, error} out.
import { layout } from './layout.js';

self.onmessage = (/** @type {MessageEvent} */ event) => {
  const { id, input } = event.data;
  try {
    self.postMessage({ id, positions: layout(input) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};
