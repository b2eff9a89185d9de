/** The pages that the details of a prediction lead to: of each result the notes and the citation. Their addresses, relative to that page. */

const FOLDER = 'results/';
const ENDINGS = { notes: '.md', citation: '.bib' } as const;

export type ResultPage = keyof typeof ENDINGS;

export function resultPage(result: string, page: ResultPage): string {
  return `${FOLDER}${encodeURIComponent(result)}${ENDINGS[page]}`;
}

/** Which page of which result a path is; null for none. */
export function resultOfPage(path: string): { readonly result: string; readonly page: ResultPage } | null {
  if (!path.startsWith(`/${FOLDER}`)) return null;
  const name = path.slice(FOLDER.length + 1);
  const page = (Object.keys(ENDINGS) as ResultPage[]).find((kind) => name.endsWith(ENDINGS[kind]));
  return page === undefined ? null : { result: name.slice(0, -ENDINGS[page].length), page };
}
