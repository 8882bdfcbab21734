// The part of d3-force that the schema diagram uses.
export interface SimulationNode {
  index?: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  fx?: number | null;
  fy?: number | null;
}
export interface Force<N> {
  (alpha: number): void;
  initialize?(nodes: N[], random: () => number): void;
}
export interface Link<N> {
  source: N;
  target: N;
}
export interface LinkForce<N, L> extends Force<N> {
  distance(value: (link: L) => number): this;
  strength(value: (link: L) => number): this;
  iterations(count: number): this;
}
export interface ManyBodyForce<N> extends Force<N> {
  strength(value: number | ((node: N) => number)): this;
  distanceMax(value: number): this;
}
export interface PositionForce<N> extends Force<N> {
  strength(value: number): this;
}
export interface Simulation<N> {
  stop(): this;
  tick(count?: number): this;
  alpha(value: number): this;
  alphaDecay(value: number): this;
  velocityDecay(value: number): this;
  randomSource(source: () => number): this;
  force(name: string, force: Force<N> | null): this;
}
export function forceSimulation<N extends SimulationNode>(nodes: N[]): Simulation<N>;
export function forceLink<N, L extends Link<N>>(links: L[]): LinkForce<N, L>;
export function forceManyBody<N>(): ManyBodyForce<N>;
export function forceX<N>(x: number): PositionForce<N>;
export function forceY<N>(y: number): PositionForce<N>;
