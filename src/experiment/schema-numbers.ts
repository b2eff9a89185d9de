/** Numbers as the parts of the schema use them. */
import * as z from 'zod';

export const finite = z.number();
export const positive = finite.positive();
export const count = z.int().positive();
export const text = z.string();
