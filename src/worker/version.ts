import { version } from '../../package.json';

/** Version of the product, as reports and `bias-lab --version` state it. */
export const VERSION: string = version;
