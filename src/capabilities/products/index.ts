export { productsTaker } from './feeds.ts';
