/** The extension host as the page sees it. */
import type { FromPage, PageState } from '../src/protocol/panel';
import { pageStateOf } from './intake';

interface VsCodeApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: PageState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host {
  /** A file of its own: nothing can be run, opened or compared from here. */
  readonly saved: boolean;
  post(message: FromPage): void;
  state(): PageState;
  remember(change: Partial<PageState>): void;
}

/** May be called once in the life of the page. */
export function connectHost(): Host {
  const api = acquireVsCodeApi();
  let state = pageStateOf(api.getState());
  return {
    saved: false,
    post: (message) => api.postMessage(message),
    state: () => state,
    remember: (change) => {
      state = { ...state, ...change };
      api.setState(state);
    },
  };
}
