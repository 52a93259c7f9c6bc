export { VirtualClock, WallClock, type Clock, type Hold, type Timer } from './clock';
