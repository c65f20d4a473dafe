const CURSOR =
  /cursor|^(?:next|prev|previous|first|last|after|before|self|offset|page|pages|has_?(?:more|next|prev(?:ious)?)|next_?(?:page|url|link|token|href)?.*|prev(?:ious)?_.*|continuation.*|starting_after|ending_before|@odata\.nextLink|nextPageToken|links?|paging)$/i;

/** Whether a property moves through pages: there on one page and absent or null on another, which is never drift. */
export const isCursor = (name: string): boolean => CURSOR.test(name);

const LIST = /^(?:data|items|results|records|value|values|entries|list|objects|rows|content|hits)$/i;

/** Whether a property of the root is where list endpoints put their page. */
export const isPage = (name: string): boolean => LIST.test(name);
